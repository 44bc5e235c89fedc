package dev.fairway.schema.codec;

import dev.fairway.schema.Shape;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Checks single values.
final class Scalars {

    private static final Pattern QUANTITY =
            Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)?");

    private Scalars() {}

    static JsonNode check(JsonNode node, Shape.Scalar scalar, Place place) {
        return switch (scalar) {
            case STRING -> text(node, place, "a string");
            case BOOL -> when(node.isBoolean(), node, place, "a boolean");
            case INT32 -> when(node.canConvertToInt() && node.isIntegralNumber(), node, place, "a 32-bit integer");
            case INT64 -> when(node.canConvertToLong() && node.isIntegralNumber(), node, place, "an integer");
            case DOUBLE -> when(node.isNumber(), node, place, "a number");
            case BYTES -> bytes(node, place);
        };
    }

    static JsonNode check(JsonNode node, Shape.Special special, Place place) {
        return switch (special) {
            case TIME, MICRO_TIME -> time(node, place);
            case QUANTITY -> quantity(node, place);
            case INT_OR_STRING ->
                when(
                        node.isString() || node.isIntegralNumber() && node.canConvertToInt(),
                        node,
                        place,
                        "an integer or a string");
            case RAW, FIELDS -> when(node instanceof ObjectNode, node, place, "an object");
            case TEXTS -> when(node.isArray(), node, place, "a list");
        };
    }

    private static JsonNode when(boolean right, JsonNode node, Place place, String expected) {
        if (!right) {
            throw Conformer.wrong(place, expected, node);
        }
        return node;
    }

    private static JsonNode text(JsonNode node, Place place, String expected) {
        return when(node.isString(), node, place, expected);
    }

    private static JsonNode bytes(JsonNode node, Place place) {
        try {
            Base64.getDecoder().decode(text(node, place, "base64 text").stringValue());
            return node;
        } catch (IllegalArgumentException e) {
            throw new DecodeException(place + ": expected base64 text: " + e.getMessage(), e);
        }
    }

    private static JsonNode time(JsonNode node, Place place) {
        String expected = "a time such as 2006-01-02T15:04:05Z";
        try {
            OffsetDateTime.parse(text(node, place, expected).stringValue());
            return node;
        } catch (DateTimeException e) {
            throw new DecodeException(place + ": expected " + expected + ", got " + node, e);
        }
    }

    private static JsonNode quantity(JsonNode node, Place place) {
        String text = node.isNumber()
                ? node.asString()
                : text(node, place, "a quantity").stringValue();
        if (!QUANTITY.matcher(text).matches()) {
            throw new DecodeException(place + ": expected a quantity such as 100m or 2Gi, got \"" + text + "\"");
        }
        return JsonNodeFactory.instance.stringNode(text);
    }
}
