package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.ApiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// An open watch. It is polled by one thread at a time, which may wait or be told when there is something. A watcher
/// that falls too far behind is ended.
public final class Watcher implements AutoCloseable {

    /// What may wait for a slow watcher: this many changes, and this many bytes of objects.
    private static final int WAITING_MAX = 10_000;

    private static final long WAITING_BYTES_MAX = 16 << 20;

    /// What this watcher sees of one revision. It is handed out as a whole or not at all: a client that is cut off in
    /// its
    /// middle goes on behind the revision, and would never learn the rest.
    private record Step(List<WatchEvent> events, int bytes) {}

    private final WatchHub hub;
    private final Kind shown;
    private final Filter filter;
    private final String prefix;
    private final Facet.Wish wish;
    private final Deque<Step> initial = new ArrayDeque<>();
    private final LinkedBlockingQueue<Step> live = new LinkedBlockingQueue<>();
    private final Deque<WatchEvent> polled = new ArrayDeque<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private volatile Runnable ready = () -> {};

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

    /// @param action called, with the hub's lock held, whenever something has come that can be polled
    public void onReady(Runnable action) {
        ready = action;
    }

    /// The next event; empty when none came in time. After an `Ended` nothing follows.
    public Optional<WatchEvent> poll(Duration patience) throws InterruptedException {
        if (polled.isEmpty()) {
            next(patience).ifPresent(step -> polled.addAll(step.events));
        }
        return Optional.ofNullable(polled.poll()).map(this::shown);
    }

    private Optional<Step> next(Duration patience) throws InterruptedException {
        Step first = initial.poll();
        if (first != null) {
            return Optional.of(first);
        }
        Step next = patience.isZero() ? live.poll() : live.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (next != null) {
            waitingBytes.addAndGet(-next.bytes);
        }
        return Optional.ofNullable(next);
    }

    /// Whether more of the revision follows that was polled last. Then a client must not be left.
    public boolean isAmidRevision() {
        return !polled.isEmpty();
    }

    private WatchEvent shown(WatchEvent event) {
        return event instanceof WatchEvent.Changed changed ? changed.shownAs(shown) : event;
    }

    /// A bookmark that holds now; empty while events wait to be polled.
    public Optional<WatchEvent.Bookmark> bookmark() {
        // The hub hands out changes before it advances its progress, so the order of these two reads matters.
        long progress = hub.progress();
        return polled.isEmpty() && initial.isEmpty() && live.isEmpty()
                ? Optional.of(new WatchEvent.Bookmark(Long.toString(progress), false))
                : Optional.empty();
    }

    @Override
    public void close() {
        hub.remove(this);
        end(Optional.empty());
    }

    void end(Optional<ApiException> reason) {
        live.add(new Step(List.of(new WatchEvent.Ended(reason)), 0));
        ready.run();
    }

    void addInitial(WatchEvent event) {
        initial.add(new Step(List.of(event), 0));
    }

    /// Changes of one revision that happened before the watch was opened.
    void catchUp(List<HubChange> revision) {
        Step step = seen(revision);
        if (!step.events.isEmpty()) {
            initial.add(step);
        }
    }

    private Step seen(List<HubChange> revision) {
        List<WatchEvent> events = new ArrayList<>(revision.size());
        int bytes = 0;
        for (HubChange change : revision) {
            Optional<WatchEvent.Changed> seen =
                    change.key().startsWith(prefix) ? change.seenBy(filter) : Optional.empty();
            if (seen.isPresent()) {
                events.add(seen.get());
                bytes += change.bytes();
            }
        }
        return new Step(events, bytes);
    }

    /// Called by the hub with the changes of each revision that may concern this watcher; false when it is too slow and
    /// must be dropped.
    boolean offer(List<HubChange> revision) {
        Step step = seen(revision);
        if (step.events.isEmpty()) {
            return true;
        }
        if (live.size() >= WAITING_MAX || waitingBytes.get() > WAITING_BYTES_MAX) {
            live.clear();
            end(Optional.empty());
            return false;
        }
        waitingBytes.addAndGet(step.bytes);
        live.add(step);
        ready.run();
        return true;
    }
}
