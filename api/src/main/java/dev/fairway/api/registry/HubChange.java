package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.store.Store;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// One stored change as watchers with different selectors see it. Used by one thread.
final class HubChange {

    private final Store.Event event;
    private final ObjectCache cache;
    private final Map<ChangeKind, WatchEvent.Changed> views = new EnumMap<>(ChangeKind.class);
    private Optional<ObjectNode> before = Optional.empty();
    private Optional<ObjectNode> now = Optional.empty();

    HubChange(Store.Event event, ObjectCache cache) {
        this.event = event;
        this.cache = cache;
    }

    String key() {
        return event.now().key();
    }

    /// What it costs to keep this change for a slow watcher.
    int bytes() {
        return event.now().value().length;
    }

    /// The values that a property had before and has now.
    Set<String> values(Facet facet, Kind kind) {
        Optional<String> fixed = facet.value(key());
        if (fixed.isPresent()) {
            return Set.of(fixed.get());
        }
        Set<String> values = new LinkedHashSet<>();
        if (event.before().isPresent()) {
            values.add(facet.value(kind, before()));
        }
        if (!event.deleted()) {
            values.add(facet.value(kind, now()));
        }
        return values;
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

    private Stored object(ChangeKind kind) {
        return switch (kind) {
            case ADDED, MODIFIED -> new Stored.Kept(event.now(), cache);
            case DELETED ->
                new Stored.Last(
                        event.deleted() ? event.now() : lastSeen(event.before().orElseThrow()));
        };
    }

    /// What a watcher that no longer sees the object saw last, with the revision of this change.
    private Store.Entry lastSeen(Store.Entry old) {
        return new Store.Entry(old.key(), old.value(), old.createRevision(), event.revision());
    }

    private ObjectNode now() {
        if (now.isEmpty()) {
            now = Optional.of(cache.object(event.now()));
        }
        return now.get();
    }

    private ObjectNode before() {
        if (before.isEmpty()) {
            before = event.before().map(cache::object);
        }
        return before.orElseThrow();
    }
}
