package dev.fairway.schema.apply;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Lays an applied tree over a live object: applied values win, and what has owners of its own below stays where the
/// tree is silent.
final class TypedMerge {

    private TypedMerge() {}

    /// A new object; neither argument is changed.
    static ObjectNode merge(Tracked tracked, ObjectNode live, ObjectNode applied) {
        return (ObjectNode) merge(tracked.root(), live, applied);
    }

    private static JsonNode merge(Tracked.Node place, JsonNode live, JsonNode applied) {
        if (applied.isMissingNode()) {
            return live.deepCopy();
        }
        boolean mixes = !place.isLeaf() && applied.isContainer() && live.isContainer();
        return switch (applied) {
            case ObjectNode object when mixes && live instanceof ObjectNode before -> fields(place, before, object);
            case ArrayNode list when mixes && live instanceof ArrayNode before -> entries(place, before, list);
            case ArrayNode list when !place.isLeaf() -> entries(place, JsonNodeFactory.instance.arrayNode(), list);
            default -> applied.deepCopy();
        };
    }

    private static ObjectNode fields(Tracked.Node place, ObjectNode live, ObjectNode applied) {
        ObjectNode out = live.deepCopy();
        applied.properties()
                .forEach(field -> place.field(field.getKey())
                        .ifPresent(child ->
                                out.set(field.getKey(), merge(child, live.path(field.getKey()), field.getValue()))));
        return out;
    }

    /// Applied entries come in the applied order; entries that only the live list has stay in front of those that they
    /// stood in front of.
    private static ArrayNode entries(Tracked.Node place, ArrayNode live, ArrayNode applied) {
        Map<String, JsonNode> old = unique(place, live);
        List<String> liveOrder = elements(place, live);
        List<String> appliedOrder = elements(place, applied);
        Set<String> named = new HashSet<>(appliedOrder);
        Deque<String> shared = new ArrayDeque<>(
                appliedOrder.stream().filter(new HashSet<>(liveOrder)::contains).toList());
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        int at = 0;
        for (int i = 0; i < applied.size(); i++) {
            Optional<String> next = Optional.ofNullable(shared.peekFirst());
            at = passOver(live, liveOrder, at, named, next, out);
            String element = appliedOrder.get(i);
            JsonNode before = old.getOrDefault(element, MissingNode.getInstance());
            out.add(merge(place.entry(), before, applied.path(i)));
            if (next.equals(Optional.of(element))) {
                shared.removeFirst();
                at++;
            }
        }
        passOver(live, liveOrder, at, named, Optional.empty(), out);
        return out;
    }

    /// Adds the live list's own entries up to the next one that both lists have.
    ///
    /// @return where it stopped
    private static int passOver(
            ArrayNode live, List<String> order, int from, Set<String> named, Optional<String> until, ArrayNode out) {
        int at = from;
        while (at < live.size() && !until.equals(Optional.of(order.get(at)))) {
            if (!named.contains(order.get(at))) {
                out.add(live.path(at).deepCopy());
            }
            at++;
        }
        return at;
    }

    private static List<String> elements(Tracked.Node place, ArrayNode list) {
        List<String> out = new ArrayList<>();
        list.forEach(entry -> out.add(PathElement.ofEntry(place.how(), entry)));
        return out;
    }

    /// Entries by their elements, without those that share one: nobody can say which of them is meant.
    private static Map<String, JsonNode> unique(Tracked.Node place, ArrayNode list) {
        Map<String, JsonNode> out = new HashMap<>();
        Set<String> twins = new HashSet<>();
        for (JsonNode entry : list) {
            String element = PathElement.ofEntry(place.how(), entry);
            if (out.put(element, entry) != null) {
                twins.add(element);
            }
        }
        out.keySet().removeAll(twins);
        return out;
    }
}
