package dev.fairway.api;

import dev.fairway.api.registry.WatchEvent;
import dev.fairway.api.registry.Watcher;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient.Subscription;
import dev.fairway.schema.client.ApiClient.WatchListener;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A watch of the in-process client: a virtual thread that hands events to the listener.
final class LocalSubscription implements Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(LocalSubscription.class);
    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);

    private final Watcher watcher;
    private final WatchListener listener;

    private LocalSubscription(Watcher watcher, WatchListener listener) {
        this.watcher = watcher;
        this.listener = listener;
    }

    static LocalSubscription start(Watcher watcher, Resource resource, WatchListener listener) {
        LocalSubscription subscription = new LocalSubscription(watcher, listener);
        Thread.ofVirtual().name("watch " + resource.plural()).start(subscription::run);
        return subscription;
    }

    private void run() {
        Optional<ApiException> reason = Optional.empty();
        try {
            reason = deliver();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("a watch listener failed; its watch ends", e);
            reason = Optional.of(new ApiException(500, "InternalError", "the watch listener failed: " + e));
        }
        watcher.close();
        listener.closed(reason);
    }

    private Optional<ApiException> deliver() throws InterruptedException {
        while (true) {
            Optional<WatchEvent> event = watcher.poll(BOOKMARK_EVERY);
            if (event.isEmpty()) {
                watcher.bookmark().ifPresent(mark -> listener.bookmark(mark.resourceVersion()));
                continue;
            }
            switch (event.get()) {
                case WatchEvent.Changed changed -> listener.changed(changed.change(), changed.leanObject());
                case WatchEvent.Bookmark mark -> listener.bookmark(mark.resourceVersion());
                case WatchEvent.Ended ended -> {
                    return ended.reason();
                }
            }
        }
    }

    @Override
    public void close() {
        watcher.close();
    }
}
