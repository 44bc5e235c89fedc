package dev.fairway.schema.codec;

import dev.fairway.schema.Field;
import dev.fairway.schema.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Zero values, which for most fields are the same as no value: the API's Go types leave them out of JSON.
final class Zero {

    private Zero() {}

    /// True for an empty list or map, and for a zero scalar, of a field that need not be there and is not nullable.
    static boolean meansAbsent(Field field, JsonNode value) {
        if (field.required() || field.nullable()) {
            return false;
        }
        return switch (field.shape()) {
            case Shape.ListOf _, Shape.MapOf _ -> value.isEmpty();
            case Shape.Message _ -> false;
            case Shape.Special special ->
                switch (special) {
                    case TEXTS -> value.isEmpty();
                    case INT_OR_STRING -> field.plain() && isZero(value);
                    case TIME, MICRO_TIME, QUANTITY, RAW, FIELDS -> false;
                };
            case Shape.Scalar _ -> isZero(value);
        };
    }

    private static boolean isZero(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.stringValue().isEmpty();
            case NUMBER -> value.doubleValue() == 0;
            case BOOLEAN -> !value.booleanValue();
            case ARRAY, OBJECT, NULL, MISSING, BINARY, POJO -> false;
        };
    }

    /// What null stands for as a list's element or a map's value.
    static JsonNode of(Shape shape) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (shape) {
            case Shape.Message _ -> nodes.objectNode();
            case Shape.ListOf _ -> nodes.arrayNode();
            case Shape.MapOf _ -> nodes.objectNode();
            case Shape.Scalar scalar ->
                switch (scalar) {
                    case STRING, BYTES -> nodes.stringNode("");
                    case BOOL -> nodes.booleanNode(false);
                    case INT32, INT64 -> nodes.numberNode(0);
                    case DOUBLE -> nodes.numberNode(0.0);
                };
            case Shape.Special special ->
                switch (special) {
                    case TEXTS -> nodes.arrayNode();
                    case INT_OR_STRING -> nodes.numberNode(0);
                    case QUANTITY -> nodes.stringNode("0");
                    case TIME, MICRO_TIME -> nodes.nullNode();
                    case RAW, FIELDS -> nodes.objectNode();
                };
        };
    }
}
