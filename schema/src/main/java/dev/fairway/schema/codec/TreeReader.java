package dev.fairway.schema.codec;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads one JSON or YAML document into a tree and notes duplicate fields; the last one wins. Nesting is limited by the
/// parser (500 levels), YAML aliases are refused: so no input can blow up.
final class TreeReader {

    private static final JsonFactory JSON = JsonFactory.builder().build();
    private static final JsonFactory FLOW =
            JsonFactory.builder().enable(JsonReadFeature.ALLOW_TRAILING_COMMA).build();
    private static final YAMLFactory YAML = YAMLFactory.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final boolean yaml;
    private final List<String> duplicates = new ArrayList<>();
    private final List<String> duplicateLines = new ArrayList<>();

    private TreeReader(JsonParser parser) {
        this.parser = parser;
        this.yaml = parser instanceof YAMLParser;
    }

    /// @param duplicates such as `duplicate field "spec.type"`
    /// @param lines the same for a YAML document, such as `line 7: key "type" already set in map`
    record Read(JsonNode tree, List<String> duplicates, List<String> lines) {

        /// A tree without duplicates.
        static Read of(JsonNode tree) {
            return new Read(tree, List.of(), List.of());
        }
    }

    static Read json(byte[] bytes) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            return new TreeReader(parser).document("JSON");
        } catch (JacksonException e) {
            throw unreadable("JSON", e);
        }
    }

    static Read yaml(byte[] bytes) {
        if (!beginsLikeJson(bytes)) {
            return blockYaml(bytes);
        }
        try {
            return flowYaml(bytes);
        } catch (DecodeException notLikeJson) {
            return blockYaml(bytes);
        }
    }

    private static boolean beginsLikeJson(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && Character.isWhitespace(bytes[at])) {
            at++;
        }
        return at < bytes.length && bytes[at] == '{';
    }

    /// YAML that is written like JSON, as Go programs write it: the parser for JSON knows tabs, which the one for YAML
    /// refuses, and YAML allows a comma behind the last entry.
    private static Read flowYaml(byte[] bytes) {
        try (JsonParser parser = FLOW.createParser(ObjectReadContext.empty(), bytes)) {
            return new TreeReader(parser).document("YAML");
        } catch (JacksonException e) {
            throw unreadable("YAML", e);
        }
    }

    private static Read blockYaml(byte[] bytes) {
        try (JsonParser parser = YAML.createParser(ObjectReadContext.empty(), bytes)) {
            return new TreeReader(parser).document("YAML");
        } catch (JacksonException e) {
            throw unreadable("YAML", e);
        }
    }

    private static DecodeException unreadable(String format, JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        String where = at == null ? "" : ", line " + at.getLineNr() + " column " + at.getColumnNr();
        String firstLine = e.getOriginalMessage().lines().findFirst().orElse("");
        return new DecodeException("not readable as " + format + where + ": " + firstLine, e);
    }

    private Read document(String format) {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new DecodeException("the body is empty, expected an object in " + format);
        }
        JsonNode tree = value(first, Place.ROOT);
        if (parser.nextToken() != null) {
            throw new DecodeException("the body holds more than one " + format + " document");
        }
        return new Read(tree, duplicates, duplicateLines);
    }

    private JsonNode value(JsonToken token, Place place) {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw new DecodeException(place + ": YAML aliases are not accepted, write the value out");
        }
        return switch (token) {
            case START_OBJECT -> object(place);
            case START_ARRAY -> array(place);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME ->
                throw new DecodeException(place + ": a " + token + " is not accepted here");
        };
    }

    /// The same node classes as the plain JSON parser makes, so that trees compare by `equals`.
    private JsonNode integer() {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private ObjectNode object(Place place) {
        ObjectNode out = NODES.objectNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_OBJECT; token = parser.nextToken()) {
            String name = parser.currentName();
            Place here = place.field(name);
            int line = parser.currentTokenLocation().getLineNr();
            JsonNode value = value(parser.nextToken(), here);
            // Taken away first, so that it stands where it stood last: problems are told in the order of the document.
            if (out.remove(name) != null) {
                duplicate(here, name, line);
            }
            out.set(name, value);
        }
        return out;
    }

    private void duplicate(Place place, String name, int line) {
        duplicates.add("duplicate field \"" + place + "\"");
        if (yaml) {
            duplicateLines.add("line " + line + ": key \"" + name + "\" already set in map");
        }
    }

    private ArrayNode array(Place place) {
        ArrayNode out = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            out.add(value(token, place.element(out.size())));
        }
        return out;
    }
}
