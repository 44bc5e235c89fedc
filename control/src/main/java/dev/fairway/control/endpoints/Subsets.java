package dev.fairway.control.endpoints;

import dev.fairway.address.IpFamily;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `Endpoints.subsets` in canonical form: ports that have the same addresses share a subset.
///
/// @param subsets ready to be set
/// @param truncated addresses had to be left out
record Subsets(ArrayNode subsets, boolean truncated) {

    /// The most addresses in one Endpoints object; larger ones only exist as EndpointSlices.
    private static final int LIMIT = 1000;

    /// An address of the object, in the order of the addresses.
    private record Member(ObjectNode address, boolean ready) {}

    /// @param wanted endpoints of EndpointSlices; only those of the family count
    static Subsets of(WantedEndpoints wanted, IpFamily family, boolean publishNotReady) {
        Map<SlicePort, Map<String, Member>> byPort = new TreeMap<>();
        Map<String, Member> withoutPort = new TreeMap<>();
        Map<String, Boolean> chosen = chosen(wanted, family, publishNotReady);
        wanted.groups()
                .forEach((group, endpoints) -> endpoints.forEach((identity, endpoint) -> {
                    if (group.family() == family && chosen.containsKey(identity)) {
                        Member member = new Member(address(endpoint), Tree.flag(endpoint, "conditions", "ready"));
                        group.ports()
                                .forEach(port -> byPort.computeIfAbsent(port, _ -> new TreeMap<>())
                                        .put(identity, member));
                        if (group.ports().isEmpty()) {
                            withoutPort.put(identity, member);
                        }
                    }
                }));
        Map<Map<String, Member>, List<SlicePort>> byMembers = new LinkedHashMap<>();
        byPort.forEach((port, members) ->
                byMembers.computeIfAbsent(members, _ -> new ArrayList<>()).add(port));
        if (!withoutPort.isEmpty()) {
            byMembers.put(withoutPort, List.of());
        }
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        byMembers.forEach((members, ports) -> out.add(subset(members, ports)));
        return new Subsets(out, count(wanted, family, publishNotReady) > LIMIT);
    }

    /// The identities that find room, ready ones first.
    private static Map<String, Boolean> chosen(WantedEndpoints wanted, IpFamily family, boolean publishNotReady) {
        Map<String, Boolean> readiness = new TreeMap<>();
        wanted.groups().forEach((group, endpoints) -> {
            if (group.family() == family) {
                endpoints.forEach((identity, endpoint) -> {
                    if (publishNotReady || !Tree.flag(endpoint, "conditions", "terminating")) {
                        readiness.put(identity, Tree.flag(endpoint, "conditions", "ready"));
                    }
                });
            }
        });
        Map<String, Boolean> out = new LinkedHashMap<>();
        readiness.entrySet().stream()
                .sorted(Map.Entry.<String, Boolean>comparingByValue().reversed())
                .limit(LIMIT)
                .forEach(entry -> out.put(entry.getKey(), entry.getValue()));
        return out;
    }

    private static long count(WantedEndpoints wanted, IpFamily family, boolean publishNotReady) {
        return wanted.groups().entrySet().stream()
                .filter(group -> group.getKey().family() == family)
                .flatMap(group -> group.getValue().values().stream())
                .filter(endpoint -> publishNotReady || !Tree.flag(endpoint, "conditions", "terminating"))
                .count();
    }

    private static ObjectNode subset(Map<String, Member> members, List<SlicePort> ports) {
        ObjectNode out = Json.object();
        members.values().stream()
                .sorted((left, right) -> Tree.text(left.address(), "ip").compareTo(Tree.text(right.address(), "ip")))
                .forEach(member -> Tree.makeArray(out, member.ready() ? "addresses" : "notReadyAddresses")
                        .add(member.address()));
        ports.forEach(port -> Tree.makeArray(out, "ports").add(named(port)));
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

    /// The groups of slices that say the same as the subsets, for mirroring.
    static Map<Group, Map<String, ObjectNode>> toGroups(JsonNode endpoints) {
        Map<Group, Map<String, ObjectNode>> out = new TreeMap<>();
        for (ObjectNode subset : Tree.objects(endpoints, "subsets")) {
            List<SlicePort> ports = SlicePort.ofSlice(subset);
            int room = LIMIT;
            for (boolean ready : new boolean[] {true, false}) {
                List<ObjectNode> addresses = Tree.objects(subset, ready ? "addresses" : "notReadyAddresses");
                for (ObjectNode address : addresses.subList(0, Math.min(room, addresses.size()))) {
                    MirroredAddress.parse(address, ready)
                            .ifPresent(mirrored -> out.computeIfAbsent(
                                            new Group(mirrored.family(), ports), _ -> new LinkedHashMap<>())
                                    .putIfAbsent(WantedEndpoints.identityOf(mirrored.endpoint()), mirrored.endpoint()));
                }
                room -= Math.min(room, addresses.size());
            }
        }
        return out;
    }
}
