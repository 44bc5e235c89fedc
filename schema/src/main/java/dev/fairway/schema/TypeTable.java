package dev.fairway.schema;

import dev.fairway.schema.Field.MergeRule;
import dev.fairway.schema.Field.Ownership;
import dev.fairway.schema.Field.Topology;
import dev.fairway.schema.TableText.Line;
import dev.fairway.schema.Types.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Builds the types from the texts of the table.
final class TypeTable {

    /// In the order of the names.
    private final Map<String, ObjectType> byName = new LinkedHashMap<>();

    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    private TypeTable() {}

    static TypeTable load() {
        TypeTable table = new TypeTable();
        List<List<String>> kindLines = TableText.lines("kinds.txt").stream()
                .map(line -> List.of(line.split(" ")))
                .toList();
        Set<String> whole = new HashSet<>();
        kindLines.forEach(line -> whole.add(line.get(2)));
        table.loadTypes(whole);
        kindLines.forEach(line -> table.kinds.put(
                line.get(0) + " " + line.get(1), new Kind(line.get(0), line.get(1), table.named(line.get(2)))));
        return table;
    }

    private void loadTypes(Set<String> whole) {
        Map<String, Traits> traits = traits();
        Map<String, List<Field>> wire = new TreeMap<>();
        for (Line line : TableText.read("types.txt")) {
            List<Field> fields = wire.computeIfAbsent(line.type(), _ -> new ArrayList<>());
            if (!line.field().isEmpty()) {
                fields.add(field(line, traits));
            }
        }
        wire.forEach((name, fields) -> {
            fields.sort(Comparator.comparingInt(Field::number));
            Traits own = traits.getOrDefault(name, Traits.NONE);
            List<Field> json = jsonFields(fields, wire, whole.contains(name));
            byName.put(name, new ObjectType(name, own.doc(), own.atomic(), fields, json));
        });
    }

    /// Traits by type name, and by type name, space and field name.
    private static Map<String, Traits> traits() {
        Map<String, Traits> out = new TreeMap<>();
        for (Line line : TableText.read("overlay.txt")) {
            out.merge(key(line.type(), line.field()), Traits.parse(line.rest()), Traits::and);
        }
        for (Line line : TableText.read("docs.txt")) {
            out.merge(key(line.type(), line.field()), Traits.ofDoc(line.rest()), Traits::and);
        }
        return out;
    }

    private static String key(String type, String field) {
        return field.isEmpty() ? type : type + " " + field;
    }

    private static Field field(Line line, Map<String, Traits> traits) {
        int space = line.rest().indexOf(' ');
        Shape shape = Shapes.parse(line.rest().substring(space + 1), line.group());
        Traits own = shared(line, traits).and(traits.getOrDefault(key(line.type(), line.field()), Traits.NONE));
        return new Field(
                own.json().isEmpty() ? line.field() : own.json(),
                Integer.parseInt(line.rest().substring(0, space)),
                shape,
                own.has("inline"),
                own.has("required"),
                own.has("nullable"),
                own.has("plain"),
                own.merge(),
                own.ownership(shape),
                own.values(),
                own.doc());
    }

    /// What holds for the field's name in all types, or in all lists.
    private static Traits shared(Line line, Map<String, Traits> traits) {
        Traits everywhere = traits.getOrDefault("* " + line.field(), Traits.NONE);
        return line.type().endsWith("List")
                ? everywhere.and(traits.getOrDefault("*List " + line.field(), Traits.NONE))
                : everywhere;
    }

    private static List<Field> jsonFields(List<Field> fields, Map<String, List<Field>> wire, boolean whole) {
        List<Field> out = new ArrayList<>();
        if (whole) {
            out.add(header("apiVersion", "The group and version of the object's kind, such as apps/v1."));
            out.add(header("kind", "The object's kind, such as Service."));
        }
        for (Field field : fields) {
            if (field.inline() && field.shape() instanceof Shape.Message message) {
                out.addAll(wire.getOrDefault(message.type(), List.of()));
            } else {
                out.add(field);
            }
        }
        return out;
    }

    private static Field header(String name, String doc) {
        Ownership granular = new Ownership(Topology.GRANULAR, List.of());
        return new Field(
                name, 0, Shape.Scalar.STRING, false, false, false, false, MergeRule.REPLACE, granular, List.of(), doc);
    }

    ObjectType named(String name) {
        ObjectType found = byName.get(name);
        if (found == null) {
            throw new IllegalArgumentException("the type table has no type " + name);
        }
        return found;
    }

    Optional<ObjectType> find(String apiVersion, String kind) {
        return Optional.ofNullable(kinds.get(apiVersion + " " + kind)).map(Kind::type);
    }

    List<ObjectType> all() {
        return List.copyOf(byName.values());
    }

    List<Kind> kinds() {
        return List.copyOf(kinds.values());
    }
}
