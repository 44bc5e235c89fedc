package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.store.Store;
import java.time.Duration;
import java.util.Optional;

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
        if (revision == 0) {
            return;
        }
        try {
            if (hub.await(revision, PATIENCE)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw Refusal.tooNew(revision, hub.progress());
    }

    /// Empty when every change that was made by now has been handed to every watcher, if need be after a moment.
    Optional<String> behind() {
        long wanted = store.revision();
        try {
            if (hub.await(wanted, Duration.ofSeconds(1))) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.of("watches are at revision " + hub.progress() + " of " + wanted);
    }

    Watcher open(Kind shown, WatchQuery query) {
        OptionRules.check(query);
        Kind kind = shown.stored();
        Filter filter = Filter.parse(
                kind,
                query.namespace(),
                query.selection().labels(),
                query.selection().fields());
        long asked = Revisions.parse(query.resourceVersion());
        Watcher watcher = new Watcher(hub, shown, filter, Keys.prefix(kind.resource(), query.namespace()));
        await(query.resourceVersion().isEmpty() ? store.revision() : asked);
        if (query.initial()) {
            fillInitial(query, filter, watcher, hub.join(watcher));
        } else if (asked == 0) {
            hub.join(watcher);
        } else {
            hub.resume(watcher, asked);
        }
        return watcher;
    }

    private void fillInitial(WatchQuery query, Filter filter, Watcher watcher, long revision) {
        String prefix = Keys.prefix(filter.kind().resource(), query.namespace());
        for (Store.Entry entry : store.list(prefix, "", 0, revision).entries()) {
            Stored object = new Stored.Kept(entry, cache);
            if (!filter.isSelective() || filter.matches(object.tree())) {
                watcher.addInitial(new WatchEvent.Changed(ChangeKind.ADDED, object));
            }
        }
        if (query.bookmarks()) {
            watcher.addInitial(new WatchEvent.Bookmark(Long.toString(revision), true));
        }
    }
}
