package dev.fairway.api.registry;

import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.store.Store;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One stored change as watchers with different selectors see it. Used by one thread.
final class HubChange {

    private final Store.Event event;
    private final ObjectCache cache;
    private final Map<ChangeKind, WatchEvent.Changed> views = new EnumMap<>(ChangeKind.class);
    private Optional<ObjectNode> before = Optional.empty();

    HubChange(Store.Event event, ObjectCache cache) {
        this.event = event;
        this.cache = cache;
    }

    String key() {
        return event.now().key();
    }

    /// The change as a watcher with this filter sees it: an update that begins or stops to match turns into a creation
    /// or a deletion.
    Optional<WatchEvent.Changed> seenBy(Filter filter) {
        boolean was = event.before().isPresent() && (!filter.isSelective() || filter.matches(before()));
        boolean is = !event.deleted() && (!filter.isSelective() || filter.matches(now()));
        if (!was && !is) {
            return Optional.empty();
        }
        ChangeKind kind = was ? (is ? ChangeKind.MODIFIED : ChangeKind.DELETED) : ChangeKind.ADDED;
        return Optional.of(views.computeIfAbsent(kind, k -> new WatchEvent.Changed(k, object(k))));
    }

    private ObjectNode object(ChangeKind kind) {
        return switch (kind) {
            case ADDED, MODIFIED -> now();
            case DELETED ->
                event.deleted() ? cache.deleted(event.now()) : ObjectCache.stamp(before().deepCopy(), event.revision());
        };
    }

    private ObjectNode now() {
        return cache.object(event.now());
    }

    private ObjectNode before() {
        if (before.isEmpty()) {
            before = event.before().map(cache::object);
        }
        return before.orElseThrow();
    }
}
