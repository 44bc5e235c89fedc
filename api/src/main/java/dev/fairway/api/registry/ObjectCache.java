package dev.fairway.api.registry;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.store.Store;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tools.jackson.databind.node.ObjectNode;

/// Stored bytes as trees, decoded once: the newest revision of each key is kept.
final class ObjectCache {

    private record Decoded(long revision, ObjectNode object) {}

    private final ConcurrentMap<String, Decoded> newest = new ConcurrentHashMap<>();

    /// The object of an entry, with its `resourceVersion`. Shared: not to be edited.
    ObjectNode object(Store.Entry entry) {
        Decoded known = newest.get(entry.key());
        if (known != null && known.revision == entry.revision()) {
            return known.object;
        }
        ObjectNode object = decode(entry);
        if (known == null || known.revision < entry.revision()) {
            keep(entry.key(), entry.revision(), object);
        }
        return object;
    }

    /// The last state of a deleted key, carrying the revision of the deletion.
    ObjectNode deleted(Store.Entry entry) {
        return decode(entry);
    }

    void keep(String key, long revision, ObjectNode object) {
        newest.merge(key, new Decoded(revision, object), (a, b) -> a.revision >= b.revision ? a : b);
    }

    /// The key was deleted at `revision`.
    void drop(String key, long revision) {
        newest.computeIfPresent(key, (k, known) -> known.revision < revision ? null : known);
    }

    private static ObjectNode decode(Store.Entry entry) {
        return stamp(Json.parse(entry.value()), entry.revision());
    }

    /// Sets the `resourceVersion`, which is not stored.
    static ObjectNode stamp(ObjectNode object, long revision) {
        Tree.makeObject(object, "metadata").put("resourceVersion", Long.toString(revision));
        return object;
    }
}
