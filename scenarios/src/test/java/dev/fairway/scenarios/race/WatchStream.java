package dev.fairway.scenarios.race;

import java.util.List;

/// All that one watcher of a collection saw, across the connections it needed for that.
///
/// @param after it saw what came after this revision
/// @param upTo and nothing after this one
record WatchStream(String name, String collection, long after, long upTo, List<Seen> events) {

    WatchStream {
        events = List.copyOf(events);
    }

    boolean covers(Seen event) {
        return event.collection().equals(collection) && event.revision() > after && event.revision() <= upTo;
    }
}
