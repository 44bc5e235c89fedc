package dev.fairway.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The store over any engine: reads and watches from memory, writes through one writer.
final class IndexedStore implements Store {

    private static final Duration WATCH_END_LIMIT = Duration.ofSeconds(5);

    private final RevisionIndex index;
    private final Writer writer;
    private final Runnable closeEngine;

    /// @param closeEngine what is left to close after the writer and the watches
    IndexedStore(RevisionIndex index, Writer writer, Runnable closeEngine) {
        this.index = index;
        this.writer = writer;
        this.closeEngine = closeEngine;
    }

    /// A store that alone writes to its engine.
    static IndexedStore over(Engine engine, ChangeWindow.Bounds bounds) {
        try {
            RevisionIndex index = new RevisionIndex(engine.load(), bounds);
            return new IndexedStore(index, new GroupCommit(index, engine), engine::close);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public long revision() {
        return index.revision();
    }

    @Override
    public void catchUp() {
        writer.catchUp();
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
        closeEngine.run();
    }
}
