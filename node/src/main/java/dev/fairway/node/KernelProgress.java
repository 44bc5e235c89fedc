package dev.fairway.node;

import dev.fairway.dataplane.SyncListener;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;

/// How much of what the API said of Services is in the kernel: the API's revision up to which all of it is.
///
/// ```
/// the API tells up to 120 -> table 7 holds it -> the kernel has table 7 -> 120
/// ```
final class KernelProgress implements SyncListener {

    private final SyncListener next;
    private final NavigableMap<Long, Long> inTables = new TreeMap<>();
    private long tableInForce;
    private long revision;
    private long awaited;
    private long told;

    /// @param next hears all that this hears, before
    KernelProgress(SyncListener next) {
        this.next = next;
    }

    /// Somebody waits to hear that this revision is in the kernel.
    synchronized void await(long awaitedRevision) {
        awaited = Math.max(awaited, awaitedRevision);
        notifyAll();
    }

    /// All that the API said up to a revision is in the table.
    synchronized void tableMade(long table, long upTo) {
        inTables.merge(table, upTo, Math::max);
        advance();
    }

    @Override
    public void synced(Sync sync) {
        next.synced(sync);
        synchronized (this) {
            tableInForce = sync.revision();
            advance();
        }
    }

    @Override
    public void failed() {
        next.failed();
    }

    private synchronized void advance() {
        NavigableMap<Long, Long> done = inTables.headMap(tableInForce, true);
        for (long upTo : done.values()) {
            revision = Math.max(revision, upTo);
        }
        done.clear();
        notifyAll();
    }

    /// 0 for nothing yet.
    synchronized long revision() {
        return revision;
    }

    /// Up to this revision it was told.
    synchronized void told(long toldRevision) {
        told = Math.max(told, toldRevision);
    }

    /// Blocks until there is more to tell than was told, and somebody waits for it.
    ///
    /// @return false when there was not within the time
    synchronized boolean awaitNews(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long leftMillis = limit.toMillis();
        while (!isNews() && leftMillis > 0) {
            wait(leftMillis);
            leftMillis = (deadline - System.nanoTime()) / 1_000_000;
        }
        return isNews();
    }

    private synchronized boolean isNews() {
        return revision > told && awaited > told;
    }
}
