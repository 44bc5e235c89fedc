package dev.fairway.app.command;

import dev.fairway.address.IpFamily;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.trace.LocalNode;
import dev.fairway.balancer.EdgeBalancer;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.conntrack.Flow;
import dev.fairway.kernel.conntrack.TableUse;
import dev.fairway.node.machine.MachineCable;
import dev.fairway.picture.explain.NodeFacts;
import dev.fairway.picture.explain.NodeFacts.Edge;
import dev.fairway.picture.explain.NodeFacts.End;
import dev.fairway.picture.explain.NodeFacts.Node;
import dev.fairway.picture.explain.NodeFacts.Tracking;
import dev.fairway.picture.explain.NodeFacts.UdpFlow;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Looks into the tables that the kernels of this machine's nodes have. Nodes elsewhere, and all of them for who is not
/// root, stay unknown.
final class LocalNodes {

    private static final int UDP = 17;

    private final Set<Integer> udpPorts;

    private LocalNodes(Set<Integer> udpPorts) {
        this.udpPorts = udpPorts;
    }

    /// @param cluster of this machine's state folder
    /// @param services whose flows are asked for
    static NodeFacts read(
            Optional<ClusterConfig> cluster,
            List<ObjectNode> nodes,
            Collection<ObjectNode> services,
            Collection<ObjectNode> pods) {
        LocalNodes local = new LocalNodes(udpPorts(services));
        List<Node> found = nodes.stream()
                .flatMap(node ->
                        LocalNode.find(cluster, node)
                                .flatMap(namespace -> local.node(Meta.name(node), namespace))
                                .stream())
                .toList();
        LocalLinks links = LocalLinks.of(cluster.filter(_ -> !found.isEmpty()));
        return new NodeFacts(found, links.cables(), links.pods(pods), cluster.flatMap(LocalNodes::edge));
    }

    /// Empty for who is not root, and when the namespace goes just now.
    private static Optional<Edge> edge(ClusterConfig config) {
        try {
            return NetworkNamespace.find(config.name() + "-" + MachineCable.EDGE)
                    .map(edge -> new Edge(edge.name(), config.loadBalancerPools(), EdgeBalancer.answered(edge)));
        } catch (KernelException unknown) {
            return Optional.empty();
        }
    }

    /// Where clients send, on cluster addresses and on nodes.
    private static Set<Integer> udpPorts(Collection<ObjectNode> services) {
        Set<Integer> out = new TreeSet<>();
        for (ObjectNode service : services) {
            for (ObjectNode port : Tree.objects(service, "spec", "ports")) {
                if (Tree.text(port, "protocol").equals("UDP")) {
                    out.add((int) Tree.number(port, 0, "port"));
                    out.add((int) Tree.number(port, 0, "nodePort"));
                }
            }
        }
        out.remove(0);
        return out;
    }

    /// Empty for who is not root, and when the namespace goes just now.
    private Optional<Node> node(String name, NetworkNamespace namespace) {
        try (Conntrack conntrack = Conntrack.open(namespace)) {
            TableUse use = conntrack.use();
            Tracking tracking = new Tracking(use.entries(), use.maximum(), use.dropped(), use.evicted());
            return Optional.of(new Node(
                    name,
                    namespace.equals(NetworkNamespace.host()) ? "" : namespace.name(),
                    tracking,
                    tracking.isCrowded() ? List.of() : flows(conntrack)));
        } catch (KernelException unknown) {
            return Optional.empty();
        }
    }

    private record Way(End dialled, End answers) {}

    private List<UdpFlow> flows(Conntrack conntrack) {
        Map<Way, UdpFlow> out = new HashMap<>();
        for (IpFamily family : IpFamily.values()) {
            conntrack.flowsTo(family, UDP, udpPorts, flow -> {
                End dialled =
                        new End(flow.original().destination(), flow.original().destinationPort());
                End answers = new End(flow.reply().source(), flow.reply().sourcePort());
                out.merge(
                        new Way(dialled, answers),
                        new UdpFlow(client(flow), dialled, answers, 1),
                        (known, _) -> new UdpFlow(known.client(), dialled, answers, known.clients() + 1));
            });
        }
        return new ArrayList<>(out.values());
    }

    private static End client(Flow flow) {
        return new End(flow.original().source(), flow.original().sourcePort());
    }
}
