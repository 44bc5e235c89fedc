package dev.fairway.schema.apply;

import dev.fairway.schema.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields that a tree states, and what keeps it from being applied.
///
/// @param set what whoever applies the tree owns
/// @param problems such as `.spec.foo: field not declared in schema`
record AppliedFields(FieldSet set, List<String> problems) {

    static AppliedFields of(Tracked tracked, ObjectNode applied) {
        Walk walk = new Walk(tracked);
        walk.visit(tracked.root(), applied);
        return new AppliedFields(walk.set.build(), walk.problems);
    }

    private static final class Walk {

        private final Tracked tracked;
        private final List<String> path = new ArrayList<>();
        private final FieldSet.Builder set = new FieldSet.Builder();
        private final List<String> problems = new ArrayList<>();

        Walk(Tracked tracked) {
            this.tracked = tracked;
        }

        void visit(Tracked.Node place, JsonNode node) {
            if (place.isLeaf()) {
                set.add(path);
                return;
            }
            switch (place.shape()) {
                case Shape.Message _, Shape.MapOf _ ->
                    node.properties().forEach(field -> field(place, field.getKey(), field.getValue()));
                case Shape.ListOf _ -> entries(place, node);
                case Shape.Scalar _, Shape.Special _ -> set.add(path);
            }
        }

        private void field(Tracked.Node place, String name, JsonNode value) {
            var child = place.field(name);
            if (child.isEmpty()) {
                path.add(PathElement.field(name));
                problem("field not declared in schema");
                path.removeLast();
            } else if (tracked.has(path, name)) {
                path.add(PathElement.field(name));
                visit(child.get(), value);
                if (value.isNull() || value.isObject() && value.isEmpty() || !place.isNamedField(name)) {
                    set.add(path);
                }
                path.removeLast();
            }
        }

        private void entries(Tracked.Node place, JsonNode list) {
            Set<String> seen = new HashSet<>();
            int index = 0;
            for (JsonNode entry : list) {
                var wrong = PathElement.problem(place.how(), entry);
                if (wrong.isPresent()) {
                    problem("element " + index + ": " + wrong.get());
                } else {
                    entry(place, PathElement.ofEntry(place.how(), entry), entry, seen);
                }
                index++;
            }
        }

        private void entry(Tracked.Node place, String element, JsonNode entry, Set<String> seen) {
            if (!seen.add(element)) {
                problem("duplicate entries for key " + PathElement.toText(element));
                return;
            }
            path.add(element);
            visit(place.entry(), entry);
            set.add(path);
            path.removeLast();
        }

        private void problem(String what) {
            StringBuilder where = new StringBuilder();
            path.forEach(element -> where.append(PathElement.toText(element)));
            problems.add(where + ": " + what);
        }
    }
}
