package dev.fairway.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One watch. It keeps no queue: it remembers the revision after which it owes changes and reads them from the shared
/// window, so past and live changes come by one path and a slow listener costs no memory.
final class Subscription implements Store.Watch {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final int CHUNK_EVENTS = 1_000;
    private static final long NOTHING = -1;

    private final RevisionIndex index;
    private final String prefix;
    private final long from;
    private final Store.WatchListener listener;
    private final Thread thread;
    /// The revision after which changes are owed. Set under the index's write lock, or by the own thread under its read
    /// lock: never by both at once.
    private volatile long owedAfter = NOTHING;

    private volatile boolean closed;

    Subscription(RevisionIndex index, String prefix, long from, Store.WatchListener listener) {
        this.index = index;
        this.prefix = prefix;
        this.from = from;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("watch " + prefix).unstarted(this::run);
    }

    long from() {
        return from;
    }

    void start() {
        thread.start();
    }

    void offer(List<Commit> commits) {
        if (owedAfter != NOTHING) {
            return;
        }
        for (Commit commit : commits) {
            if (commit.events().stream().anyMatch(event -> event.now().key().startsWith(prefix))) {
                owe(commit.revision() - 1);
                return;
            }
        }
    }

    void owe(long afterRevision) {
        owedAfter = afterRevision;
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        closed = true;
        index.unsubscribe(this);
        LockSupport.unpark(thread);
    }

    boolean awaitEnd(Duration limit) throws InterruptedException {
        return Thread.currentThread().equals(thread) || thread.join(limit);
    }

    private void run() {
        try {
            while (!closed) {
                List<Store.Event> events = index.reading(this::take);
                if (!events.isEmpty()) {
                    listener.changed(events);
                } else if (owedAfter == NOTHING && !closed) {
                    LockSupport.park(this);
                }
            }
        } catch (CompactedException behind) {
            drop("too slow: " + behind.getMessage());
        } catch (RuntimeException thrown) {
            LOG.warn("watch of {} dropped: its listener threw", prefix, thrown);
            drop("the listener threw " + thrown);
        }
    }

    private List<Store.Event> take() {
        if (owedAfter == NOTHING) {
            return List.of();
        }
        if (owedAfter < index.window().oldest()) {
            throw new CompactedException(owedAfter, index.window().oldest());
        }
        List<Store.Event> events = index.window().after(owedAfter, prefix, CHUNK_EVENTS);
        owedAfter = events.size() < CHUNK_EVENTS ? NOTHING : events.getLast().revision();
        return events;
    }

    private void drop(String why) {
        boolean told = closed;
        close();
        if (!told) {
            listener.dropped(why);
        }
    }
}
