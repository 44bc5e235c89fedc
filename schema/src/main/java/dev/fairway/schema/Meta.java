package dev.fairway.schema;

import java.util.Optional;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads an object's `metadata`.
public final class Meta {

    private Meta() {}

    public static String name(JsonNode object) {
        return Tree.text(object, "metadata", "name");
    }

    public static String namespace(JsonNode object) {
        return Tree.text(object, "metadata", "namespace");
    }

    public static ObjectKey key(JsonNode object) {
        return new ObjectKey(namespace(object), name(object));
    }

    public static String uid(JsonNode object) {
        return Tree.text(object, "metadata", "uid");
    }

    public static String resourceVersion(JsonNode object) {
        return Tree.text(object, "metadata", "resourceVersion");
    }

    public static SortedMap<String, String> labels(JsonNode object) {
        return Tree.textMap(object, "metadata", "labels");
    }

    public static SortedMap<String, String> annotations(JsonNode object) {
        return Tree.textMap(object, "metadata", "annotations");
    }

    public static String annotation(JsonNode object, String name) {
        return Tree.text(object, "metadata", "annotations", name);
    }

    /// A deletion was asked for; finalizers or a grace period keep the object for now.
    public static boolean isBeingDeleted(JsonNode object) {
        return Tree.has(object, "metadata", "deletionTimestamp");
    }

    /// The owner reference with `controller: true`, if any.
    public static Optional<ObjectNode> controller(JsonNode object) {
        return Tree.objects(object, "metadata", "ownerReferences").stream()
                .filter(owner -> Tree.flag(owner, "controller"))
                .findFirst();
    }
}
