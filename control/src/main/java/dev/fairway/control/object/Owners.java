package dev.fairway.control.object;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and makes `metadata.ownerReferences`.
public final class Owners {

    private Owners() {}

    public static List<ObjectNode> references(JsonNode object) {
        return Tree.objects(object, "metadata", "ownerReferences");
    }

    /// The uids of all owners.
    public static List<String> uids(JsonNode object) {
        return references(object).stream()
                .map(reference -> Tree.text(reference, "uid"))
                .toList();
    }

    /// The uid of the owner that controls the object; empty when none does.
    public static String controllerUid(JsonNode object) {
        return Meta.controller(object)
                .map(reference -> Tree.text(reference, "uid"))
                .orElse("");
    }

    public static boolean isControlledBy(JsonNode object, JsonNode owner) {
        return !Meta.uid(owner).isEmpty() && controllerUid(object).equals(Meta.uid(owner));
    }

    /// A reference for objects that the owner controls.
    public static ObjectNode controllerReference(Resource resource, JsonNode owner) {
        return Json.object()
                .put("apiVersion", resource.apiVersion())
                .put("kind", resource.kind())
                .put("name", Meta.name(owner))
                .put("uid", Meta.uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }
}
