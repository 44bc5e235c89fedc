package dev.fairway.control.endpoints;

import dev.fairway.address.IpFamily;
import dev.fairway.control.endpoints.Repacking.Packed;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `Endpoints.subsets` in canonical form.
///
/// @param subsets ready to be set
/// @param truncated addresses had to be left out
record Subsets(ArrayNode subsets, boolean truncated) {

    /// The most addresses in one Endpoints object; larger ones only exist as EndpointSlices.
    private static final int LIMIT = 1000;

    /// @param wanted endpoints of EndpointSlices; only those of the family count
    static Subsets of(WantedEndpoints wanted, IpFamily family, boolean publishNotReady) {
        Map<String, Boolean> readiness = readiness(wanted, family, publishNotReady);
        Set<String> chosen = readyFirst(readiness);
        Repacking repacking = new Repacking();
        wanted.groups()
                .forEach((group, endpoints) -> endpoints.forEach((identity, endpoint) -> {
                    if (group.family() == family && chosen.contains(identity)) {
                        boolean ready = Tree.flag(endpoint, "conditions", "ready");
                        repacking.add(identity, address(endpoint), ready, group.ports());
                    }
                }));
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        repacking.packed().forEach(packed -> out.add(toJson(packed)));
        return new Subsets(out, readiness.size() > chosen.size());
    }

    private static Map<String, Boolean> readiness(WantedEndpoints wanted, IpFamily family, boolean publishNotReady) {
        Map<String, Boolean> out = new TreeMap<>();
        wanted.groups().forEach((group, endpoints) -> {
            if (group.family() == family) {
                endpoints.forEach((identity, endpoint) -> {
                    if (publishNotReady || !Tree.flag(endpoint, "conditions", "terminating")) {
                        out.put(identity, Tree.flag(endpoint, "conditions", "ready"));
                    }
                });
            }
        });
        return out;
    }

    private static Set<String> readyFirst(Map<String, Boolean> readiness) {
        return readiness.entrySet().stream()
                .sorted(Map.Entry.<String, Boolean>comparingByValue().reversed())
                .limit(LIMIT)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static ObjectNode toJson(Packed packed) {
        ObjectNode out = Json.object();
        packed.ready().forEach(address -> Tree.makeArray(out, "addresses").add(address));
        packed.notReady()
                .forEach(address -> Tree.makeArray(out, "notReadyAddresses").add(address));
        packed.ports().forEach(port -> Tree.makeArray(out, "ports").add(named(port)));
        return out;
    }

    /// Unlike slices, Endpoints leave an empty name out.
    private static ObjectNode named(SlicePort port) {
        ObjectNode out = port.toJson();
        if (port.name().isEmpty()) {
            out.remove("name");
        }
        return out;
    }

    private static ObjectNode address(JsonNode endpoint) {
        ObjectNode out =
                Json.object().put("ip", Tree.texts(endpoint, "addresses").getFirst());
        for (String field : new String[] {"hostname", "nodeName", "targetRef"}) {
            JsonNode value = Tree.at(endpoint, field);
            if (!value.isMissingNode()) {
                out.set(field, value.deepCopy());
            }
        }
        return out;
    }

    /// The identity of an entry of `addresses`, the same as that of its endpoint in a slice.
    static String identityOf(JsonNode address) {
        return Tree.text(address, "targetRef", "uid") + "|" + Tree.text(address, "ip");
    }

    /// Whether each address of an Endpoints object is ready, by identity.
    static Map<String, Boolean> readinessOf(JsonNode endpoints) {
        Map<String, Boolean> out = new HashMap<>();
        for (ObjectNode subset : Tree.objects(endpoints, "subsets")) {
            List<ObjectNode> ready = Tree.objects(subset, "addresses");
            ready.forEach(address -> out.put(identityOf(address), true));
            Tree.objects(subset, "notReadyAddresses").forEach(address -> out.put(identityOf(address), false));
        }
        return out;
    }
}
