package dev.fairway.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads fields of an API object by path, with absence as an ordinary value: `Tree.text(service, "spec", "clusterIP")`.
public final class Tree {

    private Tree() {}

    /// The node at the path; a missing node where a step is absent or null.
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode here = node;
        for (String step : path) {
            JsonNode next = here.get(step);
            if (next == null || next.isNull()) {
                return MissingNode.getInstance();
            }
            here = next;
        }
        return here;
    }

    public static boolean has(JsonNode node, String... path) {
        return !at(node, path).isMissingNode();
    }

    /// The text at the path; empty when absent or no text.
    public static String text(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isString() ? found.stringValue() : "";
    }

    public static long number(JsonNode node, long absent, String... path) {
        JsonNode found = at(node, path);
        return found.isIntegralNumber() ? found.longValue() : absent;
    }

    /// Puts a number as a parser would hold it, so that a tree that was written equals the one that is read again.
    public static void putNumber(ObjectNode node, String field, long value) {
        if (value == (int) value) {
            node.put(field, (int) value);
        } else {
            node.put(field, value);
        }
    }

    /// True only for a literal `true`.
    public static boolean flag(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isBoolean() && found.booleanValue();
    }

    /// The objects in the list at the path; other entries are left out.
    public static List<ObjectNode> objects(JsonNode node, String... path) {
        List<ObjectNode> out = new ArrayList<>();
        for (JsonNode entry : at(node, path)) {
            if (entry instanceof ObjectNode object) {
                out.add(object);
            }
        }
        return out;
    }

    /// The texts in the list at the path; other entries are left out.
    public static List<String> texts(JsonNode node, String... path) {
        List<String> out = new ArrayList<>();
        for (JsonNode entry : at(node, path)) {
            if (entry.isString()) {
                out.add(entry.stringValue());
            }
        }
        return out;
    }

    /// A map of texts such as labels; other values are left out.
    public static SortedMap<String, String> textMap(JsonNode node, String... path) {
        SortedMap<String, String> out = new TreeMap<>();
        at(node, path).properties().forEach(field -> {
            if (field.getValue().isString()) {
                out.put(field.getKey(), field.getValue().stringValue());
            }
        });
        return out;
    }

    /// The object at the path, made where a step is absent. Edits `node`.
    public static ObjectNode makeObject(ObjectNode node, String... path) {
        ObjectNode here = node;
        for (String step : path) {
            here = here.get(step) instanceof ObjectNode next ? next : here.putObject(step);
        }
        return here;
    }

    /// The list under `field`, made when absent. Edits `node`.
    public static ArrayNode makeArray(ObjectNode node, String field) {
        return node.get(field) instanceof ArrayNode list ? list : node.putArray(field);
    }

    /// Makes a field of `to` what it is in `from`, absent too.
    public static void carry(JsonNode from, ObjectNode to, String field) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value.deepCopy());
        }
    }
}
