package dev.fairway.store;

import java.util.List;

/// What lies beneath the index: makes commits durable and gives the last state back at the next start.
interface Engine extends AutoCloseable {

    /// The state to start from. Called once, before any append.
    Loaded load();

    /// Durable when it returns. Called by one thread only; the commits' revisions follow each other.
    ///
    /// @param forgotten commits that nobody may ask for any more: what they replaced can go
    /// @throws StoreException when it cannot be known that everything is on the disk; with the meaning `FULL` when
    ///     surely nothing of it is
    void append(List<Commit> commits, List<Commit> forgotten);

    /// Closing twice is harmless.
    @Override
    void close();

    /// @param oldest the revision that `entries` are the state of
    /// @param history the commits after it
    record Loaded(long oldest, List<Store.Entry> entries, List<Commit> history) {
        public Loaded {
            entries = List.copyOf(entries);
            history = List.copyOf(history);
        }
    }

    /// Keeps nothing.
    record Memory() implements Engine {
        @Override
        public Loaded load() {
            return new Loaded(1, List.of(), List.of());
        }

        @Override
        public void append(List<Commit> commits, List<Commit> forgotten) {}

        @Override
        public void close() {}
    }
}
