package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.store.Store;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/// Opens watches.
final class Watches {

    /// How long a request waits for a revision that the server has not reached.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Store store;
    private final ObjectCache cache;
    private final WatchHub hub;

    Watches(Store store, ObjectCache cache, WatchHub hub) {
        this.store = store;
        this.cache = cache;
        this.hub = hub;
    }

    /// Waits until the revision was reached, and handed to every watcher.
    ///
    /// @throws dev.fairway.schema.ApiException when the server does not get there in time
    void await(long revision) {
        try {
            if (hub.await(revision, PATIENCE)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw Refusal.tooNew(revision, hub.progress());
    }

    Watcher open(Kind shown, WatchQuery query) {
        Kind kind = shown.stored();
        Filter filter = Filter.parse(
                kind,
                query.namespace(),
                query.selection().labels(),
                query.selection().fields());
        long asked = Revisions.parse(query.resourceVersion());
        checkInitial(query);
        String collection = Keys.collection(kind.resource());
        Watcher watcher = new Watcher(hub, shown, filter, Keys.prefix(kind.resource(), query.namespace()));
        boolean initial = query.sendInitialEvents().orElse(asked == 0);
        await(Math.max(asked, initial ? store.revision() : 0));
        if (initial) {
            fillInitial(kind, query, filter, watcher, hub.join(watcher, collection));
        } else if (asked == 0) {
            hub.join(watcher, collection);
        } else {
            hub.resume(watcher, collection, asked);
        }
        return watcher;
    }

    private static void checkInitial(WatchQuery query) {
        if (query.sendInitialEvents().isPresent() && !query.match().equals("NotOlderThan")) {
            throw Refusal.badRequest("ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: "
                    + "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (query.sendInitialEvents().isEmpty() && !query.match().isEmpty()) {
            throw Refusal.badRequest("ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: "
                    + "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
    }

    private void fillInitial(Kind kind, WatchQuery query, Filter filter, Watcher watcher, long revision) {
        String prefix = Keys.prefix(kind.resource(), query.namespace());
        for (Store.Entry entry : store.list(prefix, "", 0, revision).entries()) {
            ObjectNode object = cache.object(entry);
            if (filter.matches(object)) {
                watcher.addInitial(new WatchEvent.Changed(ChangeKind.ADDED, object));
            }
        }
        if (query.sendInitialEvents().orElse(false)) {
            watcher.addInitial(new WatchEvent.Bookmark(Long.toString(revision), true));
        }
    }
}
