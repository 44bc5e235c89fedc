package dev.fairway.app.config;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The fields of one section of a settings file. It notes which were read, so that the rest can be refused by name.
final class Fields {

    private final ObjectNode node;
    private final String source;
    private final String path;
    private final TreeSet<String> read = new TreeSet<>();
    private final Map<String, Fields> sections = new LinkedHashMap<>();

    private Fields(ObjectNode node, String source, String path) {
        this.node = node;
        this.source = source;
        this.path = path;
    }

    static Fields parse(String text, String source) {
        try {
            JsonNode tree = new YAMLMapper().readTree(text);
            if (tree instanceof ObjectNode object) {
                return new Fields(object, source, "");
            }
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return new Fields(JsonNodeFactory.instance.objectNode(), source, "");
            }
        } catch (JacksonException e) {
            throw new ConfigException(source + ": not YAML: "
                    + e.getOriginalMessage().lines().findFirst().orElse("unreadable"));
        }
        throw new ConfigException(source + ": expected settings as \"name: value\" lines");
    }

    boolean has(String field) {
        return node.has(field);
    }

    boolean isSection(String field) {
        return node.path(field).isObject();
    }

    /// The names of all fields, for a section in which any name may stand.
    List<String> names() {
        return List.copyOf(node.propertyNames());
    }

    boolean isNumber(String field) {
        return node.path(field).isIntegralNumber();
    }

    String text(String field, String absent) {
        JsonNode value = take(field);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isString()) {
            throw refused(field, "expected a text, got " + value);
        }
        return value.stringValue();
    }

    String required(String field) {
        String value = text(field, "");
        if (value.isEmpty()) {
            throw refused(field, "a value is required");
        }
        return value;
    }

    boolean flag(String field, boolean absent) {
        JsonNode value = take(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw refused(field, "expected true or false, got " + value);
        }
        return value.isMissingNode() ? absent : value.booleanValue();
    }

    int number(String field, int absent, int min, int max) {
        JsonNode value = take(field);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
            throw refused(field, "expected a number from " + min + " to " + max + ", got " + value);
        }
        return value.intValue();
    }

    /// Text of the form `30000-32767`.
    int[] portRange(String field, int from, int to) {
        String text = text(field, from + "-" + to);
        String[] ends = text.split("-", -1);
        if (ends.length == 2 && ends[0].matches("[0-9]{1,5}") && ends[1].matches("[0-9]{1,5}")) {
            int[] range = {Integer.parseInt(ends[0]), Integer.parseInt(ends[1])};
            if (range[0] >= 1 && range[0] <= range[1] && range[1] <= 65535) {
                return range;
            }
        }
        throw refused(field, "expected a range such as 30000-32767, got \"" + text + "\"");
    }

    List<Cidr> cidrs(String field, List<Cidr> absent) {
        return list(field, absent, Cidr::parse);
    }

    List<IpAddress> addresses(String field, List<IpAddress> absent) {
        return list(field, absent, IpAddress::parse);
    }

    IpAddress address(String field, String text) {
        return IpAddress.tryParse(text).orElseThrow(() -> refused(field, "\"" + text + "\" is not a valid IP address"));
    }

    List<String> texts(String field) {
        return list(field, List.of(), text -> text);
    }

    private <T> List<T> list(String field, List<T> absent, Function<String, T> parse) {
        JsonNode value = take(field);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isArray()) {
            throw refused(field, "expected a list such as [a, b], got " + value);
        }
        List<T> out = new ArrayList<>();
        for (JsonNode entry : value) {
            try {
                out.add(parse.apply(entry.asString("")));
            } catch (IllegalArgumentException e) {
                throw refused(field, String.valueOf(e.getMessage()));
            }
        }
        return out;
    }

    SortedMap<String, String> textMap(String field) {
        JsonNode value = take(field);
        SortedMap<String, String> out = new TreeMap<>();
        if (!value.isMissingNode() && !value.isObject()) {
            throw refused(field, "expected \"name: value\" lines, got " + value);
        }
        value.properties()
                .forEach(entry -> out.put(entry.getKey(), entry.getValue().asString("")));
        return out;
    }

    /// The section under `field`; an empty one when absent.
    Fields section(String field) {
        JsonNode value = take(field);
        if (!value.isMissingNode() && !value.isObject()) {
            throw refused(field, "expected \"name: value\" lines, got " + value);
        }
        ObjectNode object = value instanceof ObjectNode found ? found : JsonNodeFactory.instance.objectNode();
        return sections.computeIfAbsent(field, _ -> new Fields(object, source, path + field + "."));
    }

    List<Fields> sections(String field) {
        JsonNode value = take(field);
        if (!value.isArray() || value.isEmpty()) {
            throw refused(field, "expected a number or a list of nodes, got " + value);
        }
        List<Fields> out = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            String entry = field + "[" + i + "]";
            if (!(value.get(i) instanceof ObjectNode object)) {
                throw refused(entry, "expected \"name: value\" lines, got " + value.get(i));
            }
            out.add(sections.computeIfAbsent(entry, _ -> new Fields(object, source, path + entry + ".")));
        }
        return out;
    }

    /// @throws ConfigException naming the first field that nobody asked for
    void refuseUnread() {
        for (String field : node.propertyNames()) {
            if (!read.contains(field)) {
                throw refused(field, "unknown field; known here: " + String.join(", ", read));
            }
        }
        sections.values().forEach(Fields::refuseUnread);
    }

    ConfigException refused(String field, String fact) {
        return new ConfigException(source + ": " + path + field + ": " + fact);
    }

    private JsonNode take(String field) {
        read.add(field);
        JsonNode value = node.path(field);
        return value.isNull() ? JsonNodeFactory.instance.missingNode() : value;
    }
}
