package dev.fairway.store;

import java.util.List;

/// What lies beneath the index: makes commits durable and gives the last state back at the next start.
interface Engine extends AutoCloseable {

    /// The state to start from. Called once, before any append.
    Loaded load();

    /// Durable when it returns. Called by one thread only; the commits' revisions follow each other.
    ///
    /// @throws StoreException when it cannot be known that everything is on the disk
    void append(List<Commit> commits);

    /// Closing twice is harmless.
    @Override
    void close();

    record Loaded(long revision, List<Store.Entry> entries) {}

    /// Keeps nothing.
    record Memory() implements Engine {
        @Override
        public Loaded load() {
            return new Loaded(1, List.of());
        }

        @Override
        public void append(List<Commit> commits) {}

        @Override
        public void close() {}
    }
}
