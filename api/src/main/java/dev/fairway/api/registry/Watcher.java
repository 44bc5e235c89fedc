package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.ApiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An open watch. One thread polls it; a watcher that falls too far behind is ended.
public final class Watcher implements AutoCloseable {

    /// Changes that may wait for a slow watcher.
    private static final int WAITING_MAX = 10_000;

    private final WatchHub hub;
    private final Kind kind;
    private final Filter filter;
    private final String prefix;
    private final Deque<WatchEvent> initial = new ArrayDeque<>();
    private final LinkedBlockingQueue<WatchEvent> live = new LinkedBlockingQueue<>();

    /// @param kind in whose form the events are polled
    Watcher(WatchHub hub, Kind kind, Filter filter, String prefix) {
        this.hub = hub;
        this.kind = kind;
        this.filter = filter;
        this.prefix = prefix;
    }

    /// The next event; empty when none came in time. After an `Ended` nothing follows.
    public Optional<WatchEvent> poll(Duration patience) throws InterruptedException {
        WatchEvent first = initial.poll();
        WatchEvent next = first != null ? first : live.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return Optional.ofNullable(next).map(this::shown);
    }

    private WatchEvent shown(WatchEvent event) {
        return event instanceof WatchEvent.Changed changed ? changed.shownAs(kind) : event;
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
        live.add(new WatchEvent.Ended(reason));
    }

    void addInitial(WatchEvent event) {
        initial.add(event);
    }

    /// Called by the hub for every change of the collection; false when the watcher must be dropped.
    boolean offer(HubChange change) {
        if (!change.key().startsWith(prefix)) {
            return true;
        }
        if (live.size() >= WAITING_MAX) {
            end(Optional.empty());
            return false;
        }
        change.seenBy(filter).ifPresent(live::add);
        return true;
    }
}
