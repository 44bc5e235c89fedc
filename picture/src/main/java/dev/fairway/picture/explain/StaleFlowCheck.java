package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.picture.explain.NodeFacts.End;
import dev.fairway.picture.explain.NodeFacts.UdpFlow;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// UDP clients that nodes still lead to who does not serve any more. UDP has no end that a kernel could see, so such a
/// client would go on for as long as it sends; nodes end such flows, unless something keeps them from it.
final class StaleFlowCheck {

    private static final int FACTS_SHOWN = 5;

    private record Seen(NodeFacts.Node node, UdpFlow flow) {
        String fact() {
            return "on " + node.name() + ": " + flow;
        }
    }

    private final Map<End, List<Seen>> byDialled = new HashMap<>();
    private final List<String> nodeAddresses;

    StaleFlowCheck(NodeFacts facts, List<ObjectNode> nodes) {
        for (NodeFacts.Node node : facts.nodes()) {
            for (UdpFlow flow : node.flows()) {
                byDialled
                        .computeIfAbsent(flow.dialled(), _ -> new ArrayList<>())
                        .add(new Seen(node, flow));
            }
        }
        Set<String> looked = facts.nodes().stream().map(NodeFacts.Node::name).collect(Collectors.toSet());
        nodeAddresses = nodes.stream()
                .filter(node -> looked.contains(Meta.name(node)))
                .flatMap(node -> Tree.objects(node, "status", "addresses").stream())
                .map(address -> Tree.text(address, "address"))
                .toList();
    }

    /// @param slices the Service's
    Optional<Finding> finding(ObjectKey key, ObjectNode service, List<ObjectNode> slices) {
        List<Seen> stale = new ArrayList<>();
        Set<String> serving = new TreeSet<>();
        for (ObjectNode port : byDialled.isEmpty() ? List.<ObjectNode>of() : udpPorts(service)) {
            Set<End> ends = serving(Tree.text(port, "name"), slices);
            ends.forEach(end -> serving.add(end.toString()));
            for (End frontend : frontends(service, port)) {
                byDialled.getOrDefault(frontend, List.of()).stream()
                        .filter(seen -> !ends.contains(seen.flow().answers()))
                        .forEach(stale::add);
            }
        }
        return stale.isEmpty() ? Optional.empty() : Optional.of(finding(key, stale, serving));
    }

    private static List<ObjectNode> udpPorts(ObjectNode service) {
        return Tree.objects(service, "spec", "ports").stream()
                .filter(port -> Tree.text(port, "protocol").equals("UDP"))
                .toList();
    }

    /// Where clients send.
    private Set<End> frontends(ObjectNode service, ObjectNode port) {
        Set<End> out = new LinkedHashSet<>();
        int number = (int) Tree.number(port, 0, "port");
        Names.addresses(service).forEach(address -> out.add(new End(address, number)));
        int nodePort = (int) Tree.number(port, 0, "nodePort");
        if (nodePort != 0) {
            nodeAddresses.stream()
                    .flatMap(text -> IpAddress.tryParse(text).stream())
                    .forEach(address -> out.add(new End(address, nodePort)));
        }
        return out;
    }

    /// Also those that end, as long as they serve.
    private static Set<End> serving(String portName, List<ObjectNode> slices) {
        Set<End> out = new LinkedHashSet<>();
        for (ObjectNode slice : slices) {
            for (ObjectNode port : Tree.objects(slice, "ports")) {
                if (Tree.text(port, "name").equals(portName)) {
                    int number = (int) Tree.number(port, 0, "port");
                    Tree.objects(slice, "endpoints").stream()
                            .filter(StaleFlowCheck::serves)
                            .flatMap(endpoint -> Tree.texts(endpoint, "addresses").stream())
                            .flatMap(text -> IpAddress.tryParse(text).stream())
                            .forEach(address -> out.add(new End(address, number)));
                }
            }
        }
        return out;
    }

    /// What is not said counts as yes.
    private static boolean serves(ObjectNode endpoint) {
        String condition = Tree.has(endpoint, "conditions", "serving") ? "serving" : "ready";
        return !Tree.has(endpoint, "conditions", condition) || Tree.flag(endpoint, "conditions", condition);
    }

    private static Finding finding(ObjectKey key, List<Seen> stale, Set<String> serving) {
        Seen first = stale.getFirst();
        int clients = stale.stream().mapToInt(seen -> seen.flow().clients()).sum();
        String who = clients == 1 ? "one UDP client is" : clients + " UDP clients are";
        List<String> evidence = new ArrayList<>(
                stale.stream().limit(FACTS_SHOWN).map(Seen::fact).toList());
        evidence.add("who serves: " + (serving.isEmpty() ? "nobody" : String.join(", ", serving)));
        End dialled = first.flow().dialled();
        return new Finding(
                Code.STALE_FLOW,
                key,
                who + " still led to " + first.flow().answers()
                        + ", which does not serve: what goes there is lost, for as long as the client sends",
                evidence,
                NodeFacts.command(
                        first.node().namespace(),
                        "conntrack -D -p udp --orig-dst " + dialled.address() + " --orig-port-dst " + dialled.port()));
    }
}
