package dev.fairway.table;

/// The newest table, for any number of reader loops. Nothing queues: a slow reader skips tables, and blocks nobody.
public final class TableFeed {

    private volatile ServiceTable latest = ServiceTable.EMPTY;

    /// Makes `table` the newest. Tables must come with growing revisions.
    public synchronized void publish(ServiceTable table) {
        if (table.revision() <= latest.revision()) {
            throw new IllegalStateException(
                    "table revision " + table.revision() + " does not follow " + latest.revision());
        }
        latest = table;
        notifyAll();
    }

    public ServiceTable latest() {
        return latest;
    }

    /// Blocks until there is a table newer than `revision` and returns the newest.
    public synchronized ServiceTable awaitNewer(long revision) throws InterruptedException {
        while (latest.revision() <= revision) {
            wait();
        }
        return latest;
    }

    /// Like `awaitNewer`, but returns the latest table after at most `timeoutMillis`, newer or not.
    public synchronized ServiceTable awaitNewer(long revision, long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        long left = timeoutMillis;
        while (latest.revision() <= revision && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        return latest;
    }
}
