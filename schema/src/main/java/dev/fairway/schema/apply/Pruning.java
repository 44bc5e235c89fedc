package dev.fairway.schema.apply;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Takes out of an object what an applier owned, no longer applies, and nobody else owns.
final class Pruning {

    private final Tracked tracked;
    private final ObjectNode merged;

    private Pruning(Tracked tracked, ObjectNode merged) {
        this.tracked = tracked;
        this.merged = merged;
    }

    /// @param last what the applier owned before
    /// @param owned what anybody owns now, the applier included
    /// @return a new object, or `merged` itself when nothing goes
    static ObjectNode prune(Tracked tracked, ObjectNode merged, FieldSet last, FieldSet owned) {
        return last.isEmpty() ? merged : new Pruning(tracked, merged).prune(last, owned);
    }

    /// Three passes. What the applier owned goes, with all that stands in it; then what somebody owns comes back with
    /// what it stands in; then what the applier never owned comes back too.
    private ObjectNode prune(FieldSet last, FieldSet owned) {
        FieldSet mine = withNamedParents(last);
        FieldSet all = fieldsOf(merged);
        ObjectNode bare = without(mine);
        FieldSet kept = fieldsOf(bare).union(withNamedParents(owned));
        ObjectNode withOwned = without(all.minus(kept));
        return without(all.minus(fieldsOf(withOwned)).intersect(mine));
    }

    private FieldSet fieldsOf(ObjectNode object) {
        return withNamedParents(AppliedFields.of(tracked, object).set());
    }

    private FieldSet withNamedParents(FieldSet set) {
        return withNamedParents(tracked.root(), set, false);
    }

    /// Adds the fields of types in which a member stands: owning `.spec.type` is owning `.spec` here. Entries of maps
    /// and lists are not added.
    private static FieldSet withNamedParents(Tracked.Node place, FieldSet set, boolean named) {
        TreeMap<String, FieldSet> children = new TreeMap<>();
        for (Map.Entry<String, FieldSet> child : set.children().entrySet()) {
            String element = child.getKey();
            var name = PathElement.fieldName(element);
            Tracked.Node below = name.flatMap(place::field).orElse(place.entry());
            boolean isNamed = name.filter(place::isNamedField).isPresent();
            children.put(element, withNamedParents(below, child.getValue(), isNamed));
        }
        return set.withChildren(children, set.self() || named && !children.isEmpty());
    }

    private ObjectNode without(FieldSet gone) {
        return gone.isEmpty() ? merged : fields(tracked.root(), merged, gone);
    }

    private static JsonNode without(Tracked.Node place, JsonNode node, FieldSet gone) {
        if (place.isLeaf()) {
            return node;
        }
        return switch (node) {
            case ObjectNode object -> fields(place, object, gone);
            case ArrayNode list -> entries(place, list, gone);
            default -> node;
        };
    }

    private static ObjectNode fields(Tracked.Node place, ObjectNode object, FieldSet gone) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String element = PathElement.field(field.getKey());
            FieldSet below = gone.under(element);
            if (below.self()) {
                continue;
            }
            JsonNode left = below.isEmpty()
                    ? field.getValue()
                    : without(place.field(field.getKey()).orElse(place), field.getValue(), below);
            if (below.isEmpty() || !isEmptied(left)) {
                out.set(field.getKey(), left);
            }
        }
        return out;
    }

    /// A map or list from which the last entry went goes as well.
    private static boolean isEmptied(JsonNode left) {
        return left.isContainer() && left.isEmpty();
    }

    private static ArrayNode entries(Tracked.Node place, ArrayNode list, FieldSet gone) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        for (JsonNode entry : list) {
            FieldSet below = gone.under(PathElement.ofEntry(place.how(), entry));
            if (!below.self()) {
                out.add(below.isEmpty() ? entry : without(place.entry(), entry, below));
            }
        }
        return out;
    }
}
