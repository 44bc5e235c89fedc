package dev.fairway.scenarios.race;

/// A promise that was broken, and where.
record Fault(Rule rule, String text) {

    enum Rule {
        /// The revisions of a stream never go back.
        ORDER,
        /// A stream shows an event once.
        ONCE,
        /// A stream shows every event of its collection, as every other stream does.
        COMPLETE,
        /// An object is added, modified while it stands, deleted; and it is the same object all the time.
        LIFE,
        /// An address or a port belongs to one Service at a time.
        HELD_TWICE,
        /// An IPAddress stands exactly while its Service has the address.
        LEAK,
        /// What was acknowledged has happened, at the revision that was told.
        ACKNOWLEDGED,
        /// Nothing happens that nobody asked for, and nothing is read that never was.
        INVENTED,
        /// The operations of each key have an order that agrees with their times and answers.
        LINEAR
    }

    @Override
    public String toString() {
        return rule + ": " + text;
    }
}
