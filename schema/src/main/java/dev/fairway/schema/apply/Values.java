package dev.fairway.schema.apply;

import java.util.Comparator;
import tools.jackson.databind.JsonNode;

/// Compares JSON values.
final class Values {

    private static final Comparator<JsonNode> BY_VALUE =
            (a, b) -> a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;

    private Values() {}

    /// Equal as JSON: numbers by value, however they are held.
    static boolean same(JsonNode one, JsonNode other) {
        return one.equals(other) || one.equals(BY_VALUE, other);
    }
}
