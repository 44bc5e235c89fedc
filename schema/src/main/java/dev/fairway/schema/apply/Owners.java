package dev.fairway.schema.apply;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.schema.apply.Owner.Operation;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who owns which fields of an object: the value behind `metadata.managedFields`. Immutable.
final class Owners {

    static final Owners NOBODY = new Owners(Map.of());

    private static final String FIELDS_TYPE = "FieldsV1";

    private static final Comparator<Entry> ORDER = Comparator.comparing(
                    (Entry entry) -> entry.owner().operation())
            .thenComparing(Entry::time)
            .thenComparing(entry -> entry.owner().name())
            .thenComparing(Entry::apiVersion)
            .thenComparing(entry -> entry.owner().subresource());

    /// @param apiVersion the version of the fields
    /// @param time of the last write; may be empty
    record Entry(Owner owner, String apiVersion, String time, FieldSet fields) {

        Entry withFields(FieldSet changed) {
            return new Entry(owner, apiVersion, time, changed);
        }

        boolean isUpdate() {
            return owner.operation() == Operation.UPDATE;
        }
    }

    private final Map<Owner, Entry> entries;

    private Owners(Map<Owner, Entry> entries) {
        this.entries = entries;
    }

    static Owners of(Collection<Entry> entries) {
        Map<Owner, Entry> out = new LinkedHashMap<>();
        entries.forEach(entry -> {
            if (!entry.fields().isEmpty()) {
                out.put(entry.owner(), entry);
            }
        });
        return new Owners(out);
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    FieldSet fields(Owner owner) {
        return find(owner).map(Entry::fields).orElse(FieldSet.EMPTY);
    }

    Optional<Entry> find(Owner owner) {
        return Optional.ofNullable(entries.get(owner));
    }

    /// What anybody owns.
    FieldSet all() {
        return entries.values().stream().map(Entry::fields).reduce(FieldSet.EMPTY, FieldSet::union);
    }

    Owners with(Entry entry) {
        Map<Owner, Entry> out = new LinkedHashMap<>(entries);
        out.put(entry.owner(), entry);
        return of(out.values());
    }

    /// Every entry's fields changed; entries that are left with none go.
    Owners map(UnaryOperator<Entry> change) {
        return of(entries.values().stream().map(change).toList());
    }

    /// Reads `metadata.managedFields`; empty when an entry is not as it must be.
    static Optional<Owners> read(JsonNode managedFields) {
        Map<Owner, Entry> out = new LinkedHashMap<>();
        for (JsonNode node : managedFields) {
            Optional<Operation> operation = operation(Tree.text(node, "operation"));
            String version = Tree.text(node, "apiVersion");
            if (operation.isEmpty()
                    || version.isEmpty()
                    || !Tree.text(node, "fieldsType").equals(FIELDS_TYPE)) {
                return Optional.empty();
            }
            Owner owner = new Owner(
                    Tree.text(node, "manager"),
                    operation.get(),
                    operation.get() == Operation.APPLY ? "" : version,
                    Tree.text(node, "subresource"));
            FieldSet fields = FieldSet.parse(Tree.at(node, "fieldsV1"));
            out.put(owner, new Entry(owner, version, Tree.text(node, "time"), fields));
        }
        return Optional.of(of(out.values()));
    }

    private static Optional<Operation> operation(String text) {
        for (Operation operation : Operation.values()) {
            if (operation.text().equals(text)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    /// Writes `metadata.managedFields`: appliers first, then by time.
    ArrayNode toTree() {
        ArrayNode out = tools.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
        sorted().forEach(entry -> out.add(toTree(entry)));
        return out;
    }

    private List<Entry> sorted() {
        return entries.values().stream().sorted(ORDER).toList();
    }

    private static ObjectNode toTree(Entry entry) {
        ObjectNode out = Json.object()
                .put("manager", entry.owner().name())
                .put("operation", entry.owner().operation().text())
                .put("apiVersion", entry.apiVersion());
        if (!entry.time().isEmpty()) {
            out.put("time", entry.time());
        }
        out.put("fieldsType", FIELDS_TYPE);
        out.set("fieldsV1", entry.fields().toFieldsV1());
        if (!entry.owner().subresource().isEmpty()) {
            out.put("subresource", entry.owner().subresource());
        }
        return out;
    }
}
