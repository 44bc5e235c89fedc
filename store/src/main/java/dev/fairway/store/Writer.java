package dev.fairway.store;

/// Where an {@link IndexedStore} sends its writes, and where it asks what others have written.
interface Writer extends AutoCloseable {

    /// All or nothing, durable and visible in the index when it returns.
    Store.CommitResult commit(Store.Transaction transaction);

    /// Returns when the index shows all that anybody had committed before the call.
    default void catchUp() {}

    /// Finishes what was asked before; later commits are refused. Closing twice is harmless.
    @Override
    void close();
}
