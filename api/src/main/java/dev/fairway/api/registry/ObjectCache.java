package dev.fairway.api.registry;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.schema.codec.Protobuf;
import dev.fairway.store.Store;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Stored bytes as trees, decoded once: the newest revision of each key is kept.
final class ObjectCache {

    private static final class Decoded {
        private final long revision;
        private final ObjectNode object;
        private volatile byte @Nullable [] protobuf;

        Decoded(long revision, ObjectNode object) {
            this.revision = revision;
            this.object = object;
        }

        byte[] protobuf() {
            byte[] known = protobuf;
            if (known == null) {
                known = Protobuf.message(object);
                protobuf = known;
            }
            return known;
        }
    }

    private final ConcurrentMap<String, Decoded> newest = new ConcurrentHashMap<>();

    /// The object of an entry, with its `resourceVersion`. Shared: not to be edited.
    ObjectNode object(Store.Entry entry) {
        return decoded(entry).object;
    }

    /// The object of an entry as a protobuf message, encoded once. Not to be edited.
    byte[] protobuf(Store.Entry entry) {
        return decoded(entry).protobuf();
    }

    private Decoded decoded(Store.Entry entry) {
        Decoded known = newest.get(entry.key());
        if (known != null && known.revision == entry.revision()) {
            return known;
        }
        Decoded made = new Decoded(entry.revision(), decode(entry));
        return known == null || known.revision < entry.revision() ? keep(entry.key(), made) : made;
    }

    void keep(String key, long revision, ObjectNode object) {
        keep(key, new Decoded(revision, object));
    }

    private Decoded keep(String key, Decoded made) {
        Decoded kept = newest.merge(key, made, (a, b) -> a.revision >= b.revision ? a : b);
        return kept.revision == made.revision ? kept : made;
    }

    /// The key was deleted at `revision`.
    void drop(String key, long revision) {
        newest.computeIfPresent(key, (k, known) -> known.revision < revision ? null : known);
    }

    static ObjectNode decode(Store.Entry entry) {
        return stamp(Json.parse(entry.value()), entry.revision());
    }

    /// Sets the `resourceVersion`, which is not stored.
    static ObjectNode stamp(ObjectNode object, long revision) {
        Tree.makeObject(object, "metadata").put("resourceVersion", Long.toString(revision));
        return object;
    }
}
