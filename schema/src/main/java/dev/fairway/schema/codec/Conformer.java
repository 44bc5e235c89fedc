package dev.fairway.schema.codec;

import dev.fairway.schema.Field;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Shape;
import dev.fairway.schema.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Brings a tree into the form of its type: checks every value, leaves out unknown fields (and notes them), nulls, and
/// zero values that mean absence.
///
/// Problems are told in the words and the order of upstream's decoder: as they stand in the document. Of a field that
/// is
/// unknown and duplicate it is only told that it is unknown.
final class Conformer {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Set<String> duplicates;
    private final List<String> problems = new ArrayList<>();

    /// @param duplicates what was found on the way in, such as `duplicate field "spec.type"`
    Conformer(Collection<String> duplicates) {
        this.duplicates = Set.copyOf(duplicates);
    }

    /// The duplicates, and such as `unknown field "spec.foo"`, in the order of the tree.
    List<String> problems() {
        return problems;
    }

    private void noteDuplicate(Place place) {
        if (!duplicates.isEmpty()) {
            String text = "duplicate field \"" + place + "\"";
            if (duplicates.contains(text)) {
                problems.add(text);
            }
        }
    }

    ObjectNode object(JsonNode node, ObjectType type, Place place) {
        if (!(node instanceof ObjectNode object)) {
            throw wrong(place, "an object", node);
        }
        ObjectNode out = NODES.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Optional<Field> field = type.field(entry.getKey());
            if (field.isEmpty()) {
                problems.add("unknown field \"" + place.field(entry.getKey()) + "\"");
                continue;
            }
            noteDuplicate(place.field(entry.getKey()));
            if (!entry.getValue().isNull()) {
                JsonNode value = value(entry.getValue(), field.get().shape(), place.field(entry.getKey()));
                if (!Zero.meansAbsent(field.get(), value)) {
                    out.set(entry.getKey(), value);
                }
            }
        }
        return out;
    }

    private JsonNode value(JsonNode node, Shape shape, Place place) {
        return switch (shape) {
            case Shape.Message message -> object(node, Types.named(message.type()), place);
            case Shape.ListOf list -> list(node, list.element(), place);
            case Shape.MapOf map -> map(node, map.value(), place);
            case Shape.Scalar scalar -> Scalars.check(node, scalar, place);
            case Shape.Special special -> special(node, special, place);
        };
    }

    private JsonNode special(JsonNode node, Shape.Special special, Place place) {
        return special == Shape.Special.TEXTS
                ? list(node, Shape.Scalar.STRING, place)
                : Scalars.check(node, special, place);
    }

    private ArrayNode list(JsonNode node, Shape element, Place place) {
        if (!(node instanceof ArrayNode array)) {
            throw wrong(place, "a list", node);
        }
        ArrayNode out = NODES.arrayNode();
        for (JsonNode entry : array) {
            Place here = place.element(out.size());
            out.add(entry.isNull() ? Zero.of(element) : value(entry, element, here));
        }
        return out;
    }

    private ObjectNode map(JsonNode node, Shape value, Place place) {
        if (!(node instanceof ObjectNode object)) {
            throw wrong(place, "a map", node);
        }
        ObjectNode out = NODES.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            JsonNode given = entry.getValue();
            Place here = place.field(entry.getKey());
            noteDuplicate(here);
            out.set(entry.getKey(), given.isNull() ? Zero.of(value) : value(given, value, here));
        }
        return out;
    }

    static DecodeException wrong(Place place, String expected, JsonNode found) {
        String where = place.toString().isEmpty() ? "the object" : place.toString();
        return new DecodeException(where + ": expected " + expected + ", got " + name(found));
    }

    private static String name(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "the number " + shortened(node);
            case OBJECT -> "an object";
            case STRING -> "the string " + shortened(node);
            case NULL, MISSING, BINARY, POJO -> "null";
        };
    }

    private static String shortened(JsonNode node) {
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
