package dev.fairway.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A type of the API: a whole object such as a Service, or a part of one.
public final class ObjectType {

    private final String name;
    private final String doc;
    private final boolean atomic;
    private final List<Field> wireFields;
    private final List<Field> alwaysWritten;
    private final SequencedMap<String, Field> byName = new LinkedHashMap<>();
    private final SequencedMap<Integer, Field> byNumber = new LinkedHashMap<>();

    /// @param wireFields in the order of their numbers
    /// @param jsonFields the same, with the fields of inlined messages in their place
    ObjectType(String name, String doc, boolean atomic, List<Field> wireFields, List<Field> jsonFields) {
        this.name = name;
        this.doc = doc;
        this.atomic = atomic;
        this.wireFields = List.copyOf(wireFields);
        jsonFields.forEach(field -> byName.put(field.name(), field));
        wireFields.forEach(field -> byNumber.put(field.number(), field));
        this.alwaysWritten = jsonFields.stream()
                .filter(field -> field.plain() || field.required())
                .toList();
    }

    /// The full name, such as `io.k8s.api.core.v1.ServiceSpec`.
    public String name() {
        return name;
    }

    /// The last part of the name.
    public String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// What the type is for; empty when the table has no text yet.
    public String doc() {
        return doc;
    }

    /// Server-side apply owns a value of this type as a whole.
    public boolean atomic() {
        return atomic;
    }

    /// The fields as they stand in JSON, `apiVersion` and `kind` of whole objects among them.
    public SequencedMap<String, Field> fields() {
        return Collections.unmodifiableSequencedMap(byName);
    }

    /// The fields as they stand on the protobuf wire, in the order of their numbers.
    public List<Field> wireFields() {
        return wireFields;
    }

    /// The fields that the API's Go types write even when they hold nothing.
    public List<Field> alwaysWritten() {
        return alwaysWritten;
    }

    public Optional<Field> field(String jsonName) {
        return Optional.ofNullable(byName.get(jsonName));
    }

    public Optional<Field> field(int number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    @Override
    public String toString() {
        return name;
    }
}
