package dev.fairway.scenarios.race;

import java.util.List;

/// What clients and watchers of one store saw, through however many servers.
///
/// @param initial what stood when the first stream began
record History(List<Seen> initial, List<WatchStream> streams, List<Operation> operations) {

    History {
        initial = List.copyOf(initial);
        streams = List.copyOf(streams);
        operations = List.copyOf(operations);
    }

    boolean watches(String collection) {
        return streams.stream().anyMatch(stream -> stream.collection().equals(collection));
    }
}
