package dev.fairway.scenarios.race;

/// One request of one client, as the client saw it. Both times are of one monotonic clock.
///
/// @param key the object: `services/default/web`
/// @param revision for DONE: of the commit, or of the object that was read; 0 otherwise
record Operation(
        int client, Verb verb, String key, long invokedNanos, long returnedNanos, Outcome outcome, long revision) {

    enum Verb {
        CREATE,
        UPDATE,
        DELETE,
        READ
    }

    enum Outcome {
        /// Acknowledged.
        DONE,
        /// There was no such object.
        ABSENT,
        /// A creation found the object standing.
        PRESENT,
        /// Refused for a reason that says nothing about the object.
        REFUSED,
        /// No answer came: it may have happened, at any time after it was invoked.
        UNKNOWN
    }

    boolean isWrite() {
        return verb != Verb.READ;
    }
}
