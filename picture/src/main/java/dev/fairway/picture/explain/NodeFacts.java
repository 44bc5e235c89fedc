package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ObjectKey;
import java.util.List;
import java.util.Map;

/// What the kernels of nodes have in their tables, as it was read from the machine that they are on.
///
/// @param nodes those that could be looked into
/// @param cables that join nodes and others over a segment
/// @param pods the ways from pods to their nodes
public record NodeFacts(List<Node> nodes, List<Cable> cables, Map<ObjectKey, PodWay> pods) {

    /// Nothing was looked at.
    public static final NodeFacts UNKNOWN = new NodeFacts(List.of(), List.of(), Map.of());

    public NodeFacts {
        nodes = List.copyOf(nodes);
        cables = List.copyOf(cables);
        pods = Map.copyOf(pods);
    }

    /// How somebody on the machine runs a command in a namespace.
    static String command(String namespace, String command) {
        return namespace.isEmpty() ? command : "ip netns exec " + namespace + " " + command;
    }

    /// @param namespace its network namespace; empty when that is the machine's own
    /// @param flows of UDP, which were there before the API was asked and after
    public record Node(String name, String namespace, Tracking tracking, List<UdpFlow> flows) {
        public Node {
            flows = List.copyOf(flows);
        }
    }

    /// @param entries connections that are tracked
    /// @param maximum how many may be; 0 for no limit
    /// @param dropped packets that were dropped because their connection could not be tracked
    /// @param evicted connections that had to go before their time to make room
    public record Tracking(long entries, long maximum, long dropped, long evicted) {}

    /// @param dialled where the client sends
    /// @param answers to whom that is led
    public record UdpFlow(End client, End dialled, End answers) {

        @Override
        public String toString() {
            return client + " -> " + dialled + " is led to " + answers;
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
