package dev.fairway.control.object;

import dev.fairway.schema.Json;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and sets `status.conditions`.
public final class Conditions {

    private Conditions() {}

    public static Optional<ObjectNode> find(JsonNode object, String type) {
        return Tree.objects(object, "status", "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals(type))
                .findFirst();
    }

    public static boolean isTrue(JsonNode object, String type) {
        return find(object, type)
                .filter(condition -> Tree.text(condition, "status").equals("True"))
                .isPresent();
    }

    /// A condition that has just been found out.
    public static ObjectNode of(String type, String status, String reason, String message, Instant now) {
        return Json.object()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", Times.toText(now));
    }

    /// Puts the condition in the place of the one with its type. While the status stays the same, so does the time of
    /// the
    /// last transition. Edits `object`.
    public static void set(ObjectNode object, ObjectNode condition) {
        ObjectNode wanted = condition.deepCopy();
        String type = Tree.text(wanted, "type");
        Optional<ObjectNode> old = find(object, type);
        old.filter(was -> Tree.text(was, "status").equals(Tree.text(wanted, "status")))
                .map(was -> Tree.text(was, "lastTransitionTime"))
                .filter(since -> !since.isEmpty())
                .ifPresent(since -> wanted.put("lastTransitionTime", since));
        ArrayNode list = Tree.makeArray(Tree.makeObject(object, "status"), "conditions");
        for (int index = 0; index < list.size(); index++) {
            if (Tree.text(list.get(index), "type").equals(type)) {
                list.set(index, wanted);
                return;
            }
        }
        list.add(wanted);
    }

    /// Takes the condition away. Edits `object`.
    public static void remove(ObjectNode object, String type) {
        ArrayNode list = Tree.makeArray(Tree.makeObject(object, "status"), "conditions");
        list.removeIf(condition -> Tree.text(condition, "type").equals(type));
    }
}
