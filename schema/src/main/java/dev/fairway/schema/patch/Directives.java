package dev.fairway.schema.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a strategic merge patch that say how to merge instead of what.
final class Directives {

    static final String PATCH = "$patch";
    static final String RETAIN_KEYS = "$retainKeys";
    static final String SET_ELEMENT_ORDER = "$setElementOrder/";
    static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList/";

    private Directives() {}

    static boolean isDirective(String field) {
        return field.equals(PATCH)
                || field.equals(RETAIN_KEYS)
                || field.startsWith(SET_ELEMENT_ORDER)
                || field.startsWith(DELETE_FROM_LIST);
    }

    /// What `$patch` says about an object.
    enum Action {
        MERGE,
        REPLACE,
        DELETE
    }

    static Action action(JsonNode patch) {
        JsonNode word = patch.get(PATCH);
        if (word == null) {
            return Action.MERGE;
        }
        return switch (word.isString() ? word.stringValue() : word.toString()) {
            case "merge" -> Action.MERGE;
            case "replace" -> Action.REPLACE;
            case "delete" -> Action.DELETE;
            default ->
                throw Refusal.malformed(
                        "strategic merge patch: $patch: " + word + " is none of merge, replace, delete");
        };
    }

    /// Applies `$retainKeys`: fields of the target that it does not name go.
    static void retainKeys(ObjectNode target, ObjectNode patch) {
        JsonNode keys = patch.get(RETAIN_KEYS);
        if (keys == null) {
            return;
        }
        List<String> retained = new ArrayList<>();
        list(RETAIN_KEYS, keys).forEach(key -> retained.add(key.asString()));
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            boolean named = isDirective(entry.getKey()) || retained.contains(entry.getKey());
            if (!named && !entry.getValue().isNull()) {
                throw Refusal.malformed("strategic merge patch: field \"" + entry.getKey()
                        + "\" is in the patch but not in its $retainKeys");
            }
        }
        target.retain(retained);
    }

    static ArrayNode list(String directive, JsonNode value) {
        if (value instanceof ArrayNode list) {
            return list;
        }
        throw Refusal.malformed("strategic merge patch: " + directive + " must be a list");
    }
}
