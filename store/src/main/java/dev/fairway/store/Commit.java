package dev.fairway.store;

import java.util.List;

/// What one transaction changed: its events all carry `revision`.
record Commit(long revision, List<Store.Event> events) {
    Commit {
        events = List.copyOf(events);
    }

    long bytes() {
        return events.stream().mapToLong(event -> event.now().value().length).sum();
    }
}
