package dev.fairway.schema.patch;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Merges one list of a strategic merge patch: lists of objects by a key, lists of scalars as sets.
///
/// The order is upstream's: what the patch names comes in the patch's order, what only the server has keeps its place
/// relative to those.
///
/// @param field the list's name, for errors
/// @param key the merge key; empty for lists of scalars
record ListMerge(String field, String key, Shape element) {

    ArrayNode merge(ArrayNode before, ArrayNode patch) {
        ArrayNode serverOrder = before.deepCopy();
        ArrayNode plain = JsonNodeFactory.instance.arrayNode();
        Set<JsonNode> deleted = new HashSet<>();
        boolean replaces = false;
        for (JsonNode entry : patch) {
            switch (action(entry)) {
                case DELETE -> deleted.add(keyOf(entry));
                case REPLACE -> replaces = true;
                case MERGE -> plain.add(entry);
            }
        }
        List<JsonNode> kept = new ArrayList<>();
        if (!replaces) {
            before.forEach(entry -> {
                if (!deleted.contains(keyOf(entry))) {
                    kept.add(entry);
                }
            });
        }
        return ordered(mergeEntries(kept, plain), plain, serverOrder);
    }

    private static Directives.Action action(JsonNode entry) {
        return entry instanceof ObjectNode ? Directives.action(entry) : Directives.Action.MERGE;
    }

    /// Of several old entries with one key the first is merged and the others stay, as upstream does.
    private ArrayNode mergeEntries(List<JsonNode> kept, ArrayNode patch) {
        Map<JsonNode, Integer> places = places(kept);
        for (JsonNode entry : patch) {
            int at = places.getOrDefault(keyOf(entry), kept.size());
            if (at == kept.size()) {
                places.put(keyOf(entry), at);
                kept.add(entry instanceof ObjectNode ? JsonNodeFactory.instance.objectNode() : entry);
            }
            if (entry instanceof ObjectNode object && kept.get(at) instanceof ObjectNode old) {
                kept.set(at, StrategicMergePatch.merge(old, object, element));
            }
        }
        return JsonNodeFactory.instance.arrayNode().addAll(kept);
    }

    /// The first place of each key.
    private Map<JsonNode, Integer> places(Iterable<JsonNode> entries) {
        Map<JsonNode, Integer> out = new HashMap<>();
        int at = 0;
        for (JsonNode entry : entries) {
            out.putIfAbsent(keyOf(entry), at++);
        }
        return out;
    }

    private JsonNode keyOf(JsonNode entry) {
        if (key.isEmpty()) {
            return entry;
        }
        JsonNode found = entry.get(key);
        if (found == null) {
            throw noKey(entry);
        }
        return found;
    }

    private ApiException noKey(JsonNode entry) {
        return Refusal.malformed(
                "strategic merge patch: " + field + ": entry " + entry + " lacks the merge key \"" + key + "\"");
    }

    /// The patch's entries must come in the order that it demands.
    void checkOrder(ArrayNode patch, ArrayNode order) {
        int last = -1;
        for (JsonNode entry : patch) {
            if (action(entry) != Directives.Action.MERGE) {
                continue;
            }
            int at = last + 1;
            while (at < order.size() && !keyOf(order.path(at)).equals(keyOf(entry))) {
                at++;
            }
            if (at == order.size()) {
                throw Refusal.malformed("strategic merge patch: " + field
                        + ": the entries are not in the order of $setElementOrder/" + field);
            }
            last = at;
        }
    }

    /// Puts entries that `order` names into its order, and the others around them as the server had them.
    ArrayNode ordered(ArrayNode merged, ArrayNode order, ArrayNode serverOrder) {
        Map<JsonNode, Integer> wanted = places(order);
        Map<JsonNode, Integer> had = places(serverOrder);
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        merged.forEach(entry -> (wanted.containsKey(keyOf(entry)) ? named : others).add(entry));
        named.sort(Comparator.comparingInt(entry -> placeIn(wanted, entry)));
        others.sort(Comparator.comparingInt(entry -> placeIn(had, entry)));
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        int other = 0;
        for (JsonNode entry : named) {
            int at = had.getOrDefault(keyOf(entry), -1);
            while (other < others.size() && placeIn(had, others.get(other)) < at) {
                out.add(others.get(other++));
            }
            out.add(entry);
        }
        return out.addAll(others.subList(other, others.size()));
    }

    private int placeIn(Map<JsonNode, Integer> places, JsonNode entry) {
        return places.getOrDefault(keyOf(entry), Integer.MAX_VALUE);
    }
}
