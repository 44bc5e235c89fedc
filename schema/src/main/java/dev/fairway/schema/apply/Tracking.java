package dev.fairway.schema.apply;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.schema.apply.Owner.Operation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps `metadata.managedFields` through creations, replacements and patches: whoever changes a field owns it from
/// then on, alone.
public final class Tracking {

    static final String FIELD = "managedFields";

    private Tracking() {}

    /// Sets the managed fields of a new object. Those that it came with stay, for objects that are restored.
    ///
    /// @param object with its defaults, but without what the server allocates; edited
    public static void create(Tracked tracked, ObjectNode object, Author author) {
        Owners before = claimed(Tree.at(object, "metadata", FIELD));
        Comparison made = Comparison.between(tracked, Json.object(), object);
        write(object, take(before, made, author.entry(Operation.UPDATE, made.written())));
    }

    /// Sets the managed fields of a changed object. An object without owners stays so: they were cleared on purpose.
    ///
    /// A client may state others than the standing ones, and clears them by an empty list or a list of one empty
    /// entry. What it states through a subresource counts nothing.
    ///
    /// @param now with its defaults, but before the server completes it; edited
    public static void update(Tracked tracked, ObjectNode live, ObjectNode now, Author author) {
        JsonNode standing = Tree.at(live, "metadata", FIELD);
        JsonNode stated = Tree.at(now, "metadata", FIELD);
        Comparison change = Comparison.between(tracked, live, now);
        boolean keeps = stated.isMissingNode()
                || stated.equals(standing)
                || !author.subresource().isEmpty();
        if (keeps && change.isEmpty()) {
            Tree.carry(live.path("metadata"), Tree.makeObject(now, "metadata"), FIELD);
            return;
        }
        Owners before = keeps ? claimed(standing) : restated(standing, stated);
        write(now, before.isEmpty() ? before : take(before, change, author.entry(Operation.UPDATE, change.written())));
    }

    private static Owners restated(JsonNode standing, JsonNode stated) {
        if (isReset(stated)) {
            return Owners.NOBODY;
        }
        return Owners.read(stated).filter(owners -> !owners.isEmpty()).orElseGet(() -> claimed(standing));
    }

    private static boolean isReset(JsonNode stated) {
        return stated.isEmpty() || stated.size() == 1 && stated.path(0).isEmpty();
    }

    /// Broken entries are no reason to refuse a write: they count as none.
    static Owners claimed(JsonNode managedFields) {
        return Owners.read(managedFields).orElse(Owners.NOBODY);
    }

    /// The owners after somebody has changed the object: they lose what was changed or removed under them.
    ///
    /// @param writer holds what the writer takes; its former fields are added
    static Owners take(Owners before, Comparison change, Owners.Entry writer) {
        FieldSet lost = change.written().union(change.removed());
        Owners left = before.map(entry -> entry.withFields(entry.fields().minus(lost)));
        if (writer.fields().isEmpty()) {
            return left;
        }
        return OwnerCap.cap(left.with(writer.withFields(writer.fields().union(left.fields(writer.owner())))));
    }

    static void write(ObjectNode object, Owners owners) {
        ObjectNode meta = Tree.makeObject(object, "metadata");
        if (owners.isEmpty()) {
            meta.remove(FIELD);
        } else {
            meta.set(FIELD, owners.toTree());
        }
    }

    /// The two differ at most in the times of their owners: nothing worth a new revision.
    public static boolean sameButForTimes(ObjectNode one, ObjectNode other) {
        if (one.equals(other)) {
            return true;
        }
        JsonNode owners = Tree.at(one, "metadata", FIELD);
        JsonNode others = Tree.at(other, "metadata", FIELD);
        return !owners.isMissingNode()
                && timeless(owners).equals(timeless(others))
                && bare(one).equals(bare(other));
    }

    private static JsonNode timeless(JsonNode managedFields) {
        JsonNode out = managedFields.deepCopy();
        out.forEach(entry -> {
            if (entry instanceof ObjectNode object) {
                object.remove("time");
            }
        });
        return out;
    }

    private static ObjectNode bare(ObjectNode object) {
        ObjectNode out = Json.object();
        object.properties().forEach(field -> out.set(field.getKey(), field.getValue()));
        ObjectNode meta = out.putObject("metadata");
        object.path("metadata").properties().forEach(field -> meta.set(field.getKey(), field.getValue()));
        meta.remove(FIELD);
        return out;
    }

    /// An object that is not there yet has no uid.
    static boolean stands(ObjectNode live) {
        return !Meta.uid(live).isEmpty();
    }
}
