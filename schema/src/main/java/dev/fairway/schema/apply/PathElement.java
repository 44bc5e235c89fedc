package dev.fairway.schema.apply;

import dev.fairway.schema.Field.Ownership;
import dev.fairway.schema.Field.Topology;
import dev.fairway.schema.Json;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One step of a field's path, as text of `FieldsV1`.
final class PathElement {

    private static final String FIELD = "f:";
    private static final String KEY = "k:";
    private static final String VALUE = "v:";

    private PathElement() {}

    static String field(String name) {
        return FIELD + name;
    }

    static Optional<String> fieldName(String element) {
        return element.startsWith(FIELD) ? Optional.of(element.substring(FIELD.length())) : Optional.empty();
    }

    /// An entry of a list that is owned by entry. A key that is absent has its default, or null.
    static String ofEntry(Ownership how, JsonNode entry) {
        if (how.topology() == Topology.SET) {
            return VALUE + Json.toText(entry);
        }
        ObjectNode keys = Json.object();
        for (String key : new TreeSet<>(how.keys())) {
            keys.set(key, key(how, key, entry));
        }
        return KEY + Json.toText(keys);
    }

    private static JsonNode key(Ownership how, String key, JsonNode entry) {
        JsonNode found = entry.get(key);
        if (found != null && !found.isNull()) {
            return found;
        }
        String usual = how.keyDefaults().get(key);
        return usual == null ? JsonNodeFactory.instance.nullNode() : JsonNodeFactory.instance.stringNode(usual);
    }

    /// What keeps the value from being an entry of such a list; empty when nothing does.
    static Optional<String> problem(Ownership how, JsonNode entry) {
        if (how.topology() == Topology.SET) {
            return entry.isContainer() || entry.isNull()
                    ? Optional.of("a list of distinct values has an entry that is no plain value")
                    : Optional.empty();
        }
        if (!entry.isObject()) {
            return Optional.of("associative list with keys may not have non-map elements");
        }
        return how.keys().stream()
                .filter(key -> key(how, key, entry).isNull())
                .findFirst()
                .map(key -> "associative list with keys has an element that omits key field \"" + key
                        + "\" (and doesn't have default value)");
    }

    /// For people: `.name`, `[port=80,protocol="TCP"]`, `[="value"]`.
    static String toText(String element) {
        if (element.startsWith(FIELD)) {
            return "." + element.substring(FIELD.length());
        }
        if (element.startsWith(KEY)) {
            return Json.parse(element.substring(KEY.length())).properties().stream()
                    .map(key -> key.getKey() + "=" + key.getValue())
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return element.startsWith(VALUE)
                ? "[=" + element.substring(VALUE.length()) + "]"
                : "[" + element.substring(element.indexOf(':') + 1) + "]";
    }
}
