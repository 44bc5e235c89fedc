package dev.fairway.schema.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.schema.client.ApiClient.WatchListener;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.node.ObjectNode;

/// Carries a watch's events from the client's thread to the mirror's. It never makes the client wait: when too many
/// events wait for a slow mirror, the feed ends, and the mirror watches again from the last event it got.
final class WatchFeed implements WatchListener {

    /// Events that may wait for a slow mirror.
    static final int WAITING_MAX = 10_000;

    private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    /// Written by the client's thread alone, as all events are.
    private boolean overrun;

    @Override
    public void changed(ChangeKind kind, ObjectNode object) {
        offer(new WatchEvent.Changed(kind, object));
    }

    @Override
    public void bookmark(String resourceVersion) {
        offer(new WatchEvent.Bookmark(resourceVersion));
    }

    /// After an event that found no room none may follow: the mirror would go on behind the gap.
    private void offer(WatchEvent event) {
        if (!overrun && events.size() >= WAITING_MAX) {
            overrun = true;
            stop();
        }
        if (!overrun) {
            events.add(event);
        }
    }

    @Override
    public void closed(Optional<ApiException> reason) {
        events.add(new WatchEvent.Closed(reason));
    }

    void stop() {
        events.add(new WatchEvent.Closed(Optional.empty()));
    }

    /// The next event; an interrupt counts as the end of the watch.
    WatchEvent take() {
        try {
            return events.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new WatchEvent.Closed(Optional.empty());
        }
    }
}
