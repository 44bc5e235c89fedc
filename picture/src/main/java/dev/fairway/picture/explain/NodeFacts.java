package dev.fairway.picture.explain;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the kernels of nodes have in their tables, as it was read from the machine that they are on.
///
/// @param nodes those that could be looked into
/// @param cables that join nodes and others over a segment
/// @param pods the ways from pods to their nodes
/// @param edge what answers for load balancers' addresses, where that is on this machine
public record NodeFacts(List<Node> nodes, List<Cable> cables, Map<ObjectKey, PodWay> pods, Optional<Edge> edge) {

    /// Nothing was looked at.
    public static final NodeFacts UNKNOWN = new NodeFacts(List.of(), List.of(), Map.of());

    /// Without an edge.
    public NodeFacts(List<Node> nodes, List<Cable> cables, Map<ObjectKey, PodWay> pods) {
        this(nodes, cables, pods, Optional.empty());
    }

    public NodeFacts {
        nodes = List.copyOf(nodes);
        cables = List.copyOf(cables);
        pods = Map.copyOf(pods);
    }

    /// Without flows that another look at the same nodes did not show: they may just be younger than what the API said.
    public NodeFacts confirmedBy(NodeFacts other) {
        Set<List<Object>> seen = other.nodes().stream()
                .flatMap(node -> node.flows().stream().map(flow -> way(node, flow)))
                .collect(Collectors.toSet());
        return new NodeFacts(
                nodes.stream()
                        .map(node -> new Node(
                                node.name(),
                                node.namespace(),
                                node.tracking(),
                                node.flows().stream()
                                        .filter(flow -> seen.contains(way(node, flow)))
                                        .toList()))
                        .toList(),
                cables,
                pods,
                edge);
    }

    private static List<Object> way(Node node, UdpFlow flow) {
        return List.of(node.name(), flow.dialled(), flow.answers());
    }

    /// How somebody on the machine runs a command in a namespace.
    static String command(String namespace, String command) {
        return namespace.isEmpty() ? command : "ip netns exec " + namespace + " " + command;
    }

    /// @param namespace its network namespace; empty when that is the machine's own
    /// @param flows of UDP, as far as they were asked for
    public record Node(String name, String namespace, Tracking tracking, List<UdpFlow> flows) {
        public Node {
            flows = List.copyOf(flows);
        }
    }

    /// @param entries connections that are tracked
    /// @param maximum how many may be; 0 for no limit
    /// @param dropped packets that were dropped because their connection could not be tracked
    /// @param evicted connections that had to go before their time to make room
    public record Tracking(long entries, long maximum, long dropped, long evicted) {

        /// From this part of the maximum on, a little more traffic fills the table.
        private static final double NEARLY = 0.9;

        /// Then the table itself is the matter, and reading it takes long.
        public boolean isCrowded() {
            return maximum > 0 && entries >= NEARLY * maximum;
        }
    }

    /// What UDP clients send to one place and is led to one other.
    ///
    /// @param client one of them
    /// @param dialled where they send
    /// @param answers to whom that is led
    /// @param clients how many there are
    public record UdpFlow(End client, End dialled, End answers, int clients) {

        @Override
        public String toString() {
            return client + " -> " + dialled + " is led to " + answers;
        }
    }

    /// @param namespace its network namespace
    /// @param pools blocks of addresses that are routed to it and to nobody else
    /// @param answered addresses for which its kernel forwards or refuses something
    public record Edge(String namespace, List<Cidr> pools, Set<IpAddress> answered) {
        public Edge {
            pools = List.copyOf(pools);
            answered = Set.copyOf(answered);
        }

        boolean leavesUnanswered(IpAddress address) {
            return !answered.contains(address) && pools.stream().anyMatch(pool -> pool.contains(address));
        }
    }

    /// Of a connection.
    public record End(IpAddress address, int port) {

        @Override
        public String toString() {
            return address.withPort(port);
        }
    }

    /// A network link.
    ///
    /// @param where whose it is, in words: `node-1`, `pod web`, `the switch`
    /// @param namespace its network namespace; empty when that is the machine's own
    /// @param mtuBytes the largest packet that it sends and takes
    public record Link(String where, String namespace, String name, int mtuBytes) {

        @Override
        public String toString() {
            return "link " + name + " of " + where + ": " + mtuBytes + " bytes";
        }
    }

    /// From somebody to the switch of a segment.
    ///
    /// @param outside over this segment clients come from outside; over the other one nodes reach each other
    /// @param owner a node's name, or another's
    /// @param link the owner's end
    /// @param port the switch's end
    public record Cable(boolean outside, String owner, Link link, Link port) {}

    /// @param pod the pod's end
    /// @param node the node's end
    /// @param bridge what the node sends to its pods over
    public record PodWay(Link pod, Link node, Link bridge) {}
}
