package dev.fairway.app.command;

import dev.fairway.address.IpFamily;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.trace.LocalNode;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.conntrack.Flow;
import dev.fairway.kernel.conntrack.TableUse;
import dev.fairway.picture.explain.NodeFacts;
import dev.fairway.picture.explain.NodeFacts.End;
import dev.fairway.picture.explain.NodeFacts.Node;
import dev.fairway.picture.explain.NodeFacts.Tracking;
import dev.fairway.picture.explain.NodeFacts.UdpFlow;
import dev.fairway.schema.Meta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Looks into the tables that the kernels of this machine's nodes have. Nodes elsewhere, and all of them for who is not
/// root, stay unknown.
final class LocalNodes {

    private static final int UDP = 17;

    private final Optional<ClusterConfig> cluster;
    private final Map<NetworkNamespace, Set<Flow>> before;

    private LocalNodes(Optional<ClusterConfig> cluster, Map<NetworkNamespace, Set<Flow>> before) {
        this.cluster = cluster;
        this.before = before;
    }

    /// To be made before the API is asked: a flow that is led to nobody who serves may just be younger than what the
    /// API
    /// said. One that was there before, and still is after, has been forgotten.
    ///
    /// @param cluster of this machine's state folder
    static LocalNodes beforeAsking(Optional<ClusterConfig> cluster) {
        Map<NetworkNamespace, Set<Flow>> before = new HashMap<>();
        for (NetworkNamespace candidate : LocalNode.candidates(cluster)) {
            looked(candidate, LocalNodes::udpFlows).ifPresent(flows -> before.put(candidate, flows));
        }
        return new LocalNodes(cluster, before);
    }

    NodeFacts read(List<ObjectNode> nodes, Collection<ObjectNode> pods) {
        List<Node> found = new ArrayList<>();
        for (ObjectNode node : before.isEmpty() ? List.<ObjectNode>of() : nodes) {
            LocalNode.find(cluster, node)
                    .flatMap(namespace -> node(Meta.name(node), namespace))
                    .ifPresent(found::add);
        }
        LocalLinks links = LocalLinks.of(cluster.filter(_ -> !found.isEmpty()));
        return new NodeFacts(found, links.cables(), links.pods(pods));
    }

    private Optional<Node> node(String name, NetworkNamespace namespace) {
        return looked(namespace, conntrack -> {
            TableUse use = conntrack.use();
            Set<Flow> flows = udpFlows(conntrack);
            flows.retainAll(before.getOrDefault(namespace, Set.of()));
            return new Node(
                    name,
                    namespace.equals(NetworkNamespace.host()) ? "" : namespace.name(),
                    new Tracking(use.entries(), use.maximum(), use.dropped(), use.evicted()),
                    flows.stream().map(LocalNodes::flow).toList());
        });
    }

    /// Empty for who is not root, and when the namespace goes just now.
    private static <T> Optional<T> looked(NetworkNamespace namespace, Function<Conntrack, T> look) {
        try (Conntrack conntrack = Conntrack.open(namespace)) {
            return Optional.of(look.apply(conntrack));
        } catch (KernelException unknown) {
            return Optional.empty();
        }
    }

    private static Set<Flow> udpFlows(Conntrack conntrack) {
        Set<Flow> out = new HashSet<>();
        for (IpFamily family : IpFamily.values()) {
            out.addAll(conntrack.flows(family, UDP));
        }
        return out;
    }

    private static UdpFlow flow(Flow flow) {
        return new UdpFlow(
                new End(flow.original().source(), flow.original().sourcePort()),
                new End(flow.original().destination(), flow.original().destinationPort()),
                new End(flow.reply().source(), flow.reply().sourcePort()));
    }
}
