package dev.fairway.schema.openapi;

import dev.fairway.schema.Field;
import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Shape;
import dev.fairway.schema.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The schemas of types, with all types that their fields reach.
final class Schemas {

    private final Dialect dialect;
    private final List<String> apiVersions;
    private final SortedMap<String, ObjectNode> byName = new TreeMap<>();

    /// @param apiVersions whose kinds are named as such; kinds of any group are named for each of them
    Schemas(Dialect dialect, List<String> apiVersions) {
        this.dialect = dialect;
        this.apiVersions = apiVersions;
    }

    ObjectNode toJson() {
        ObjectNode out = Json.object();
        byName.forEach(out::set);
        return out;
    }

    /// A reference to the type's schema, which is made if it is new.
    ObjectNode reference(ObjectType type) {
        if (!byName.containsKey(type.name())) {
            ObjectNode schema = Json.object();
            byName.put(type.name(), schema);
            describe(type, schema);
        }
        return Json.object().put("$ref", dialect.reference(type.name()));
    }

    private void describe(ObjectType type, ObjectNode schema) {
        schema.put("type", "object");
        if (!type.doc().isEmpty()) {
            schema.put("description", type.doc());
        }
        List<Field> fields = new ArrayList<>(type.fields().values());
        fields.sort(Comparator.comparing(Field::name));
        ObjectNode properties = schema.putObject("properties");
        fields.forEach(field -> properties.set(field.name(), property(field)));
        List<String> required =
                fields.stream().filter(Field::required).map(Field::name).toList();
        if (!required.isEmpty()) {
            ArrayNode names = schema.putArray("required");
            required.forEach(names::add);
        }
        if (type.atomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        kinds(type, schema);
    }

    private void kinds(ObjectType type, ObjectNode schema) {
        ArrayNode kinds = Json.object().arrayNode();
        for (Types.Kind kind : Types.kinds()) {
            if (kind.type() == type) {
                apiVersions.stream()
                        .filter(version -> kind.apiVersion().equals("*")
                                || kind.apiVersion().equals(version))
                        .forEach(version -> kinds.add(kind(version, kind.kind())));
            }
        }
        if (!kinds.isEmpty()) {
            schema.set("x-kubernetes-group-version-kind", kinds);
        }
    }

    /// The form in which documents name a kind.
    static ObjectNode kind(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return Json.object().put("group", group).put("kind", kind).put("version", apiVersion.substring(slash + 1));
    }

    private ObjectNode property(Field field) {
        ObjectNode out = shape(field.shape());
        boolean alone = dialect == Dialect.V3 && out.has("$ref");
        ObjectNode property = alone ? Json.object() : out;
        if (alone) {
            property.putArray("allOf").add(out);
        }
        if (!field.doc().isEmpty()) {
            property.put("description", field.doc());
        }
        values(field, property);
        ownership(field, property);
        mergeRule(field, property);
        return property;
    }

    private static void values(Field field, ObjectNode property) {
        if (!field.values().isEmpty()) {
            ObjectNode holder = property.get("items") instanceof ObjectNode items ? items : property;
            field.values().forEach(holder.withArray("enum")::add);
        }
    }

    private static void ownership(Field field, ObjectNode property) {
        boolean list = field.shape() instanceof Shape.ListOf;
        switch (field.ownership().topology()) {
            case ATOMIC -> property.put(list ? "x-kubernetes-list-type" : "x-kubernetes-map-type", "atomic");
            case SET -> property.put("x-kubernetes-list-type", "set");
            case MAP -> {
                property.put("x-kubernetes-list-type", "map");
                ArrayNode keys = property.putArray("x-kubernetes-list-map-keys");
                field.ownership().keys().forEach(keys::add);
            }
            case GRANULAR -> {}
        }
    }

    private static void mergeRule(Field field, ObjectNode property) {
        List<String> strategies = new ArrayList<>();
        if (field.merge().merges()) {
            strategies.add("merge");
        }
        if (field.merge().retainKeys()) {
            strategies.add("retainKeys");
        }
        if (!strategies.isEmpty()) {
            property.put("x-kubernetes-patch-strategy", String.join(",", strategies));
        }
        if (!field.merge().key().isEmpty()) {
            property.put("x-kubernetes-patch-merge-key", field.merge().key());
        }
    }

    private ObjectNode shape(Shape shape) {
        return switch (shape) {
            case Shape.Message message -> reference(Types.named(message.type()));
            case Shape.ListOf list -> {
                ObjectNode out = Json.object().put("type", "array");
                out.set("items", shape(list.element()));
                yield out;
            }
            case Shape.MapOf map -> {
                ObjectNode out = Json.object().put("type", "object");
                out.set("additionalProperties", shape(map.value()));
                yield out;
            }
            case Shape.Scalar scalar -> LeafSchemas.of(scalar);
            case Shape.Special special -> special(special);
        };
    }

    private ObjectNode special(Shape.Special special) {
        if (special == Shape.Special.TEXTS) {
            return shape(new Shape.ListOf(Shape.Scalar.STRING));
        }
        String name = LeafSchemas.name(special);
        byName.computeIfAbsent(name, _ -> LeafSchemas.of(special, dialect));
        return Json.object().put("$ref", dialect.reference(name));
    }
}
