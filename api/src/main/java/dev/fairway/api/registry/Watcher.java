package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.ApiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// An open watch. One thread polls it; a watcher that falls too far behind is ended.
public final class Watcher implements AutoCloseable {

    /// What may wait for a slow watcher: this many changes, and this many bytes of objects.
    private static final int WAITING_MAX = 10_000;

    private static final long WAITING_BYTES_MAX = 16 << 20;

    private record Waiting(WatchEvent event, int bytes) {}

    private final WatchHub hub;
    private final Kind shown;
    private final Filter filter;
    private final String prefix;
    private final Facet.Wish wish;
    private final Deque<WatchEvent> initial = new ArrayDeque<>();
    private final LinkedBlockingQueue<Waiting> live = new LinkedBlockingQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();

    /// @param shown in whose form the events are polled
    Watcher(WatchHub hub, Kind shown, Filter filter, String prefix) {
        this.hub = hub;
        this.shown = shown;
        this.filter = filter;
        this.prefix = prefix;
        this.wish = Facet.of(filter);
    }

    Facet.Wish wish() {
        return wish;
    }

    Kind kind() {
        return filter.kind();
    }

    String collection() {
        return Keys.collection(kind().resource());
    }

    /// The next event; empty when none came in time. After an `Ended` nothing follows.
    public Optional<WatchEvent> poll(Duration patience) throws InterruptedException {
        WatchEvent first = initial.poll();
        if (first != null) {
            return Optional.of(shown(first));
        }
        Waiting next = patience.isZero() ? live.poll() : live.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
            return Optional.empty();
        }
        waitingBytes.addAndGet(-next.bytes);
        return Optional.of(shown(next.event));
    }

    private WatchEvent shown(WatchEvent event) {
        return event instanceof WatchEvent.Changed changed ? changed.shownAs(shown) : event;
    }

    /// A bookmark that holds now; empty while events wait to be polled.
    public Optional<WatchEvent.Bookmark> bookmark() {
        // The hub hands out changes before it advances its progress, so the order of these two reads matters.
        long progress = hub.progress();
        return initial.isEmpty() && live.isEmpty()
                ? Optional.of(new WatchEvent.Bookmark(Long.toString(progress), false))
                : Optional.empty();
    }

    @Override
    public void close() {
        hub.remove(this);
        end(Optional.empty());
    }

    void end(Optional<ApiException> reason) {
        live.add(new Waiting(new WatchEvent.Ended(reason), 0));
    }

    void addInitial(WatchEvent event) {
        initial.add(event);
    }

    /// A change that happened before the watch was opened.
    void catchUp(HubChange change) {
        if (change.key().startsWith(prefix)) {
            change.seenBy(filter).ifPresent(initial::add);
        }
    }

    /// Called by the hub for every change that may concern this watcher; false when it is too slow and must be dropped.
    boolean offer(HubChange change) {
        if (!change.key().startsWith(prefix)) {
            return true;
        }
        Optional<WatchEvent.Changed> seen = change.seenBy(filter);
        if (seen.isEmpty()) {
            return true;
        }
        if (live.size() >= WAITING_MAX || waitingBytes.get() > WAITING_BYTES_MAX) {
            live.clear();
            end(Optional.empty());
            return false;
        }
        waitingBytes.addAndGet(change.bytes());
        live.add(new Waiting(seen.get(), change.bytes()));
        return true;
    }
}
