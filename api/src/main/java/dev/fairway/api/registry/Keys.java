package dev.fairway.api.registry;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;

/// Where objects lie in the store: `/<group or core>/<plural>/<namespace or empty>/<name>`.
public final class Keys {

    private Keys() {}

    public static String collection(Resource resource) {
        String group = resource.group().isEmpty() ? "core" : resource.group();
        return "/" + group + "/" + resource.plural() + "/";
    }

    /// The prefix of a namespace's part of a collection, of all of it when the namespace is empty.
    public static String prefix(Resource resource, String namespace) {
        return namespace.isEmpty() ? collection(resource) : collection(resource) + namespace + "/";
    }

    public static String object(Resource resource, String namespace, String name) {
        return collection(resource) + namespace + "/" + name;
    }

    /// The collection part of a key, `/core/services/`; empty for keys that hold no objects.
    static String collectionOf(String key) {
        int group = key.indexOf('/', 1);
        int plural = group < 0 ? -1 : key.indexOf('/', group + 1);
        return plural < 0 ? "" : key.substring(0, plural + 1);
    }

    static ObjectKey objectKey(String key) {
        String rest = key.substring(collectionOf(key).length());
        int slash = rest.indexOf('/');
        return new ObjectKey(rest.substring(0, slash), rest.substring(slash + 1));
    }
}
