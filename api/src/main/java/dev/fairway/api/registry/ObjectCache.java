package dev.fairway.api.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.fairway.schema.LeanJson;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.schema.codec.Protobuf;
import dev.fairway.store.Store;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Stored bytes in the forms that readers need, made once while they are in use: of each key the newest revision. What
/// is kept has a limit, however many objects there are.
final class ObjectCache {

    /// A tree takes some six times the memory of its text.
    private static final int TREE_WEIGHT = 6;

    private static final long TREE_BYTES_MAX = 40 << 20;
    private static final long MESSAGE_BYTES_MAX = 8 << 20;

    /// @param bytes that it takes, about
    private record Made<T>(long revision, T form, int bytes) {}

    private final Cache<String, Made<ObjectNode>> trees = limited(TREE_BYTES_MAX);
    private final Cache<String, Made<byte[]>> messages = limited(MESSAGE_BYTES_MAX);
    private final Cache<String, ObjectNode> leans =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

    private static <T> Cache<String, Made<T>> limited(long bytesMax) {
        return Caffeine.newBuilder()
                .maximumWeight(bytesMax)
                .<String, Made<T>>weigher((key, made) -> key.length() + made.bytes)
                .executor(Runnable::run)
                .build();
    }

    /// The object of an entry, with its `resourceVersion`. Shared: not to be edited.
    ObjectNode object(Store.Entry entry) {
        return known(trees, entry).orElseGet(() -> {
            ObjectNode object = decode(entry);
            keep(entry.key(), entry.revision(), entry.value().length, object);
            return object;
        });
    }

    /// The object of an entry without its managed fields: one for all who keep it, gone with the last of them. Shared:
    /// not
    /// to be edited.
    ObjectNode lean(Store.Entry entry) {
        String revision = Long.toString(entry.revision());
        ObjectNode kept = leans.getIfPresent(entry.key());
        if (kept != null && Meta.resourceVersion(kept).equals(revision)) {
            return kept;
        }
        ObjectNode made = known(trees, entry)
                .map(LeanJson::of)
                .orElseGet(() -> stamp(LeanJson.parse(entry.value()), entry.revision()));
        leans.put(entry.key(), made);
        return made;
    }

    /// The object of an entry as a protobuf message. Not to be edited.
    byte[] protobuf(Store.Entry entry) {
        return known(messages, entry).orElseGet(() -> {
            byte[] message = Protobuf.message(known(trees, entry).orElseGet(() -> decode(entry)));
            keep(messages, entry.key(), new Made<>(entry.revision(), message, message.length));
            return message;
        });
    }

    private static <T> Optional<T> known(Cache<String, Made<T>> forms, Store.Entry entry) {
        Made<T> made = forms.getIfPresent(entry.key());
        return made != null && made.revision == entry.revision() ? Optional.of(made.form) : Optional.empty();
    }

    /// @param bytes of its text
    /// @param object with its `resourceVersion`; not edited from here on
    void keep(String key, long revision, int bytes, ObjectNode object) {
        keep(trees, key, new Made<>(revision, object, bytes * TREE_WEIGHT));
    }

    private static <T> void keep(Cache<String, Made<T>> forms, String key, Made<T> made) {
        forms.asMap().merge(key, made, (a, b) -> a.revision >= b.revision ? a : b);
    }

    /// The key was deleted at `revision`.
    void drop(String key, long revision) {
        drop(trees, key, revision);
        drop(messages, key, revision);
    }

    private static <T> void drop(Cache<String, Made<T>> forms, String key, long revision) {
        forms.asMap().computeIfPresent(key, (_, known) -> known.revision < revision ? null : known);
    }

    static ObjectNode decode(Store.Entry entry) {
        return stamp(LeanJson.parseWhole(entry.value()), entry.revision());
    }

    /// Sets the `resourceVersion`, which is not stored.
    static ObjectNode stamp(ObjectNode object, long revision) {
        Tree.makeObject(object, "metadata").put("resourceVersion", Long.toString(revision));
        return object;
    }
}
