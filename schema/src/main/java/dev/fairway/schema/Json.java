package dev.fairway.schema;

import java.util.Comparator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Plain JSON trees and text. For objects from outside use the strict codec; this one reads what we wrote ourselves.
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /// As Go's `json.MarshalIndent(…, "", "  ")` writes it, so that what people grep for in upstream's answers is
    /// found.
    private static final PrettyPrinter LINES = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);

    private static final Comparator<JsonNode> BY_VALUE =
            (a, b) -> a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// @throws IllegalArgumentException when the bytes are no JSON object
    public static ObjectNode parse(byte[] bytes) {
        return parse(MAPPER, bytes);
    }

    static ObjectNode parse(JsonMapper mapper, byte[] bytes) {
        if (read(mapper, bytes) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("not a JSON object");
    }

    static JsonNode read(JsonMapper mapper, byte[] bytes) {
        try {
            return mapper.readTree(bytes);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// @throws IllegalArgumentException when the text is no JSON object
    public static ObjectNode parse(String text) {
        return parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    public static byte[] toBytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /// Equal as JSON: numbers by value, however they are held.
    public static boolean same(JsonNode one, JsonNode other) {
        return one.equals(other) || one.equals(BY_VALUE, other);
    }

    public static String toText(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /// Text with line breaks, for people.
    public static String toPrettyText(JsonNode node) {
        return MAPPER.writer().with(LINES).writeValueAsString(node);
    }
}
