package dev.fairway.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The store over any engine: reads and watches from memory, writes through one writer.
final class IndexedStore implements Store {

    private static final Duration WATCH_END_LIMIT = Duration.ofSeconds(5);

    private final Engine engine;
    private final RevisionIndex index;
    private final GroupCommit writer;

    IndexedStore(Engine engine, ChangeWindow.Bounds bounds) {
        this.engine = engine;
        this.index = new RevisionIndex(engine.load(), bounds);
        this.writer = new GroupCommit(index, engine);
    }

    @Override
    public long revision() {
        return index.revision();
    }

    @Override
    public Optional<Entry> get(String key) {
        return index.get(key);
    }

    @Override
    public Page list(String prefix, String after, int limit, long revision) {
        return index.list(prefix, after, limit, revision);
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        return writer.commit(transaction);
    }

    @Override
    public Watch watch(String prefix, long revision, WatchListener listener) {
        Subscription subscription = new Subscription(index, prefix, revision, listener);
        index.subscribe(subscription);
        subscription.start();
        return subscription;
    }

    @Override
    public long compactedRevision() {
        return index.oldest();
    }

    @Override
    public void close() {
        writer.close();
        List<Subscription> open = index.subscriptions();
        open.forEach(Subscription::close);
        try {
            for (Subscription subscription : open) {
                subscription.awaitEnd(WATCH_END_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engine.close();
    }
}
