package dev.fairway.control.endpoints;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// Brings subsets into canonical form: each port once, and ports that have the same addresses in the same state share a
/// subset. An address that is said to be both ready and not ready for a port is not ready.
final class Repacking {

    /// Ports with the addresses that all of them have, in the order of the addresses.
    record Packed(List<SlicePort> ports, List<ObjectNode> ready, List<ObjectNode> notReady) {}

    private record Member(ObjectNode address, boolean ready) {}

    /// Addresses that belong to no port are a subset of their own.
    private final Map<String, Member> withoutPort = new TreeMap<>();

    private final Map<SlicePort, Map<String, Member>> byPort = new TreeMap<>();

    /// @param identity the same for the same address of the same pod
    /// @param address an entry of `addresses`
    void add(String identity, ObjectNode address, boolean ready, List<SlicePort> ports) {
        if (ports.isEmpty()) {
            put(withoutPort, identity, new Member(address, ready));
        }
        ports.forEach(
                port -> put(byPort.computeIfAbsent(port, _ -> new TreeMap<>()), identity, new Member(address, ready)));
    }

    private static void put(Map<String, Member> members, String identity, Member member) {
        members.merge(identity, member, (old, added) -> old.ready() ? added : old);
    }

    List<Packed> packed() {
        Map<Map<String, Member>, List<SlicePort>> byMembers = new LinkedHashMap<>();
        if (!withoutPort.isEmpty()) {
            byMembers.put(withoutPort, List.of());
        }
        List<Packed> out = new ArrayList<>();
        byMembers.forEach((members, ports) -> out.add(packed(ports, members)));
        byMembers.clear();
        byPort.forEach((port, members) ->
                byMembers.computeIfAbsent(members, _ -> new ArrayList<>()).add(port));
        byMembers.forEach((members, ports) -> out.add(packed(ports, members)));
        return out;
    }

    private static Packed packed(List<SlicePort> ports, Map<String, Member> members) {
        Comparator<ObjectNode> order =
                Comparator.comparing(address -> address.path("ip").asString() + "|"
                        + address.path("targetRef").path("uid").asString());
        List<ObjectNode> ready = new ArrayList<>();
        List<ObjectNode> notReady = new ArrayList<>();
        members.values().forEach(member -> (member.ready() ? ready : notReady).add(member.address()));
        ready.sort(order);
        notReady.sort(order);
        return new Packed(List.copyOf(ports), ready, notReady);
    }
}
