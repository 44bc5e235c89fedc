package dev.fairway.schema.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.schema.client.ApiClient.WatchListener;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.node.ObjectNode;

/// Carries a watch's events from the client's thread to the mirror's. A mirror that is slower than its watch lets the
/// queue grow: the server bounds that by ending watches that it cannot serve.
final class WatchFeed implements WatchListener {

    private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();

    @Override
    public void changed(ChangeKind kind, ObjectNode object) {
        events.add(new WatchEvent.Changed(kind, object));
    }

    @Override
    public void bookmark(String resourceVersion) {
        events.add(new WatchEvent.Bookmark(resourceVersion));
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
