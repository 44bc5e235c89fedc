package dev.fairway.control.object;

import dev.fairway.schema.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One text per meaning: the order of fields and the width of numbers in a tree play no part.
public final class Canonical {

    /// Letters and digits that cannot form words or be mistaken for each other.
    private static final String SAFE = "bcdfghjklmnpqrstvwxz2456789";

    private Canonical() {}

    public static String text(JsonNode node) {
        return Json.toText(sorted(node));
    }

    public static boolean equal(JsonNode left, JsonNode right) {
        return left.equals(right) || text(left).equals(text(right));
    }

    /// Ten safe characters that follow from the meaning (FNV-1a, 64 bits).
    public static String hash(JsonNode node) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : text(node).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
        }
        StringBuilder out = new StringBuilder();
        for (int digit = 0; digit < 10; digit++) {
            out.append(SAFE.charAt((int) Long.remainderUnsigned(hash, SAFE.length())));
            hash = Long.divideUnsigned(hash, SAFE.length());
        }
        return out.toString();
    }

    private static JsonNode sorted(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                Map<String, JsonNode> fields = new TreeMap<>();
                object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
                ObjectNode out = Json.object();
                fields.forEach(out::set);
                yield out;
            }
            case ArrayNode list -> {
                ArrayNode out = JsonNodeFactory.instance.arrayNode();
                list.forEach(entry -> out.add(sorted(entry)));
                yield out;
            }
            case JsonNode plain -> plain;
        };
    }
}
