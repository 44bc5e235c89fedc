package dev.fairway.schema.apply;

import dev.fairway.schema.Field;
import dev.fairway.schema.Field.Ownership;
import dev.fairway.schema.Json;
import dev.fairway.schema.Shape;
import dev.fairway.schema.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// What differs between two states of an object, in the units that an owner can own.
///
/// The API's Go types always write some fields, even when they are empty. Those count as standing on both sides, so
/// that nobody becomes the owner of `spec` by writing `spec.type`.
public record Comparison(FieldSet added, FieldSet removed, FieldSet modified) {

    /// @param before an empty object for one that is being created
    public static Comparison between(Tracked tracked, ObjectNode before, ObjectNode now) {
        Walk walk = new Walk(tracked);
        walk.compare(tracked.root(), before, now);
        return new Comparison(walk.added.build(), walk.removed.build(), walk.modified.build());
    }

    /// What a writer took into its hands.
    FieldSet written() {
        return added.union(modified);
    }

    boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && modified.isEmpty();
    }

    private static final class Walk {

        private final Tracked tracked;
        private final List<String> path = new ArrayList<>();
        private final FieldSet.Builder added = new FieldSet.Builder();
        private final FieldSet.Builder removed = new FieldSet.Builder();
        private final FieldSet.Builder modified = new FieldSet.Builder();

        Walk(Tracked tracked) {
            this.tracked = tracked;
        }

        void compare(Tracked.Node place, JsonNode before, JsonNode now) {
            if (before.equals(now)) {
                return;
            }
            if (place.isLeaf() || isBare(place, before) && isBare(place, now)) {
                leaf(before, now);
                return;
            }
            switch (place.shape()) {
                case Shape.Message message -> fields(place, message, before, now);
                case Shape.MapOf _ -> entries(place, before, now);
                case Shape.ListOf _ -> list(place, before, now);
                case Shape.Scalar _, Shape.Special _ -> leaf(before, now);
            }
            if (!path.isEmpty()) {
                presence(before, now);
            }
        }

        /// Nothing to go into: absent, null or empty.
        private static boolean isBare(Tracked.Node place, JsonNode node) {
            boolean standing = node.isObject()
                    && place.shape() instanceof Shape.Message message
                    && !Types.named(message.type()).alwaysWritten().isEmpty();
            return node.isEmpty() && !standing;
        }

        private void leaf(JsonNode before, JsonNode now) {
            if (!presence(before, now) && !before.isMissingNode() && !Json.same(before, now)) {
                modified.add(path);
            }
        }

        /// True when the one or the other is absent.
        private boolean presence(JsonNode before, JsonNode now) {
            if (before.isMissingNode() == now.isMissingNode()) {
                return false;
            }
            (before.isMissingNode() ? added : removed).add(path);
            return true;
        }

        private void fields(Tracked.Node place, Shape.Message message, JsonNode before, JsonNode now) {
            List<Field> written = Types.named(message.type()).alwaysWritten();
            for (Field field : written) {
                child(place, field.name(), standing(field, before), standing(field, now));
            }
            Set<String> others = names(before, now);
            written.forEach(field -> others.remove(field.name()));
            others.forEach(name -> child(place, name, before.path(name), now.path(name)));
        }

        /// The field's value, or the empty one that Go writes.
        private static JsonNode standing(Field field, JsonNode parent) {
            JsonNode found = parent.path(field.name());
            if (!found.isMissingNode() || !parent.isObject()) {
                return found;
            }
            return field.shape() instanceof Shape.Message
                    ? JsonNodeFactory.instance.objectNode()
                    : JsonNodeFactory.instance.nullNode();
        }

        private void entries(Tracked.Node place, JsonNode before, JsonNode now) {
            names(before, now).forEach(name -> child(place, name, before.path(name), now.path(name)));
        }

        private void child(Tracked.Node place, String name, JsonNode before, JsonNode now) {
            if (tracked.has(path, name)) {
                place.field(name).ifPresent(child -> descend(PathElement.field(name), child, before, now));
            }
        }

        private void descend(String element, Tracked.Node place, JsonNode before, JsonNode now) {
            path.add(element);
            compare(place, before, now);
            path.removeLast();
        }

        private static Set<String> names(JsonNode before, JsonNode now) {
            if (before.isEmpty()) {
                return new LinkedHashSet<>(now.propertyNames());
            }
            Set<String> names = new LinkedHashSet<>(before.propertyNames());
            names.addAll(now.propertyNames());
            return names;
        }

        private void list(Tracked.Node place, JsonNode before, JsonNode now) {
            Map<String, List<JsonNode>> old = byElement(place.how(), before);
            Map<String, List<JsonNode>> present = byElement(place.how(), now);
            Set<String> elements = new LinkedHashSet<>(old.keySet());
            elements.addAll(present.keySet());
            for (String element : elements) {
                entry(
                        element,
                        place.entry(),
                        old.getOrDefault(element, List.of()),
                        present.getOrDefault(element, List.of()));
            }
        }

        private static Map<String, List<JsonNode>> byElement(Ownership how, JsonNode list) {
            Map<String, List<JsonNode>> out = new LinkedHashMap<>();
            for (JsonNode entry : list) {
                out.computeIfAbsent(PathElement.ofEntry(how, entry), _ -> new ArrayList<>(1))
                        .add(entry);
            }
            return out;
        }

        /// Entries that share a key are compared together: no owner can tell them apart.
        private void entry(String element, Tracked.Node place, List<JsonNode> before, List<JsonNode> now) {
            boolean twins = before.size() > 1 && !now.isEmpty() || now.size() > 1 && !before.isEmpty();
            if (twins) {
                if (!before.equals(now)) {
                    path.add(element);
                    modified.add(path);
                    path.removeLast();
                }
                return;
            }
            JsonNode missing = MissingNode.getInstance();
            if (before.isEmpty()) {
                now.forEach(each -> descend(element, place, missing, each));
            } else {
                before.forEach(each -> descend(element, place, each, now.isEmpty() ? missing : now.getFirst()));
            }
        }
    }
}
