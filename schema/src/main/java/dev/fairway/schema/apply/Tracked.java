package dev.fairway.schema.apply;

import dev.fairway.schema.Field;
import dev.fairway.schema.Field.Ownership;
import dev.fairway.schema.Field.Topology;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Shape;
import dev.fairway.schema.Types;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which fields of an object have owners in a certain kind of write: all but those that the server sets and those that
/// such a write cannot change.
///
/// @param type of the whole object
/// @param outside fields of the object that such a write cannot change: `status` for the main resource, say
public record Tracked(ObjectType type, Set<String> outside) {

    private static final Ownership WHOLE = new Ownership(Topology.GRANULAR, List.of());
    private static final Set<String> HEADER = Set.of("apiVersion", "kind");

    /// What nobody owns in `metadata`: the server sets it, or it says which object this is.
    private static final Set<String> SERVER_OWNED = Set.of(
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion");

    public Tracked {
        outside = Set.copyOf(outside);
    }

    Node root() {
        return new Node(new Shape.Message(type.name()), WHOLE);
    }

    /// @param path of the object that has the field
    boolean has(List<String> path, String field) {
        return switch (path.size()) {
            case 0 -> !HEADER.contains(field) && !outside.contains(field);
            case 1 -> !path.getFirst().equals("f:metadata") || !SERVER_OWNED.contains(field);
            default -> true;
        };
    }

    /// A place in the type: what stands there and how it is owned.
    record Node(Shape shape, Ownership how) {

        /// One owner has all of it.
        boolean isLeaf() {
            return switch (shape) {
                case Shape.Scalar _, Shape.Special _ -> true;
                case Shape.Message message ->
                    how.topology() == Topology.ATOMIC
                            || Types.named(message.type()).atomic();
                case Shape.ListOf _, Shape.MapOf _ -> how.topology() == Topology.ATOMIC;
            };
        }

        /// The place of a field or of a map's entry; empty for a field that the type lacks.
        Optional<Node> field(String name) {
            return switch (shape) {
                case Shape.Message message ->
                    named(message, name).map(found -> new Node(found.shape(), found.ownership()));
                case Shape.MapOf map -> Optional.of(new Node(map.value(), WHOLE));
                case Shape.ListOf _, Shape.Scalar _, Shape.Special _ -> Optional.empty();
            };
        }

        /// A field of a type, not an entry of a map.
        boolean isNamedField(String name) {
            return shape instanceof Shape.Message message
                    && named(message, name).isPresent();
        }

        private static Optional<Field> named(Shape.Message message, String name) {
            return Types.named(message.type()).field(name);
        }

        /// The place of a list's entries.
        Node entry() {
            return shape instanceof Shape.ListOf list ? new Node(list.element(), WHOLE) : this;
        }
    }
}
