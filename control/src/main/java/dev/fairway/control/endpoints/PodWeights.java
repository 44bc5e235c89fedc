package dev.fairway.control.endpoints;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How many connections pods ask for, as their EndpointSlices tell the nodes: an endpoint itself has no place for it.
final class PodWeights {

    /// Of a pod: how much of a Service's new connections it wants.
    static final String OF_POD = "fairway.dev/weight";
    /// Of a slice: a JSON object from address to weight.
    static final String OF_SLICE = "fairway.dev/weights";

    private static final int MAX = 100;
    private static final int MAX_DIGITS = 3;

    private PodWeights() {}

    /// Empty when the pod wants everybody's share, or says something else than a number from 0 to 100.
    static Optional<Integer> of(ObjectNode pod) {
        String text = Meta.annotation(pod, OF_POD);
        boolean isNumber = !text.isEmpty()
                && text.length() <= MAX_DIGITS
                && text.chars().allMatch(letter -> letter >= '0' && letter <= '9');
        return isNumber
                ? Optional.of(Integer.parseInt(text)).filter(weight -> weight <= MAX && weight != 1)
                : Optional.empty();
    }

    /// The text for a slice with these endpoints; empty when all want the same share.
    ///
    /// @param weights by the identity of the endpoint
    static String text(Collection<ObjectNode> endpoints, Map<String, Integer> weights) {
        TreeMap<String, Integer> byAddress = new TreeMap<>();
        for (JsonNode endpoint : endpoints) {
            Integer weight = weights.get(WantedEndpoints.identityOf(endpoint));
            if (weight != null) {
                Tree.texts(endpoint, "addresses").forEach(address -> byAddress.put(address, weight));
            }
        }
        if (byAddress.isEmpty()) {
            return "";
        }
        ObjectNode out = Json.object();
        byAddress.forEach(out::put);
        return Json.toText(out);
    }
}
