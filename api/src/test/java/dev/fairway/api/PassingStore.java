package dev.fairway.api;

import dev.fairway.store.Store;
import java.util.Optional;

/// A store in front of another, for tests that change one thing about it.
class PassingStore implements Store {

    private final Store store;

    PassingStore(Store store) {
        this.store = store;
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public Optional<Entry> get(String key) {
        return store.get(key);
    }

    @Override
    public Page list(String prefix, String after, int limit, long revision) {
        return store.list(prefix, after, limit, revision);
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        return store.commit(transaction);
    }

    @Override
    public Watch watch(String prefix, long revision, WatchListener listener) {
        return store.watch(prefix, revision, listener);
    }

    @Override
    public void catchUp() {
        store.catchUp();
    }

    @Override
    public long compactedRevision() {
        return store.compactedRevision();
    }

    @Override
    public void close() {
        store.close();
    }
}
