package dev.fairway.app.page;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.config.ClusterConfig.NodeConfig;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.conntrack.Flow;
import dev.fairway.schema.Tree;
import dev.fairway.table.Protocol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// How many connections (of UDP: flows) the nodes' kernels track to each endpoint of a Service now. The kernel keeps
/// one for a while after its end.
final class OpenConnections {

    private final ClusterConfig cluster;

    OpenConnections(ClusterConfig cluster) {
        this.cluster = cluster;
    }

    /// By the endpoint's address. A node whose kernel cannot be read counts nothing.
    Map<IpAddress, Long> of(ObjectNode service) {
        Map<IpAddress, Long> out = new HashMap<>();
        for (NodeConfig node : cluster.nodes()) {
            NetworkNamespace.find(cluster.name() + "-" + node.name())
                    .ifPresent(namespace -> count(
                            namespace, service, flow -> out.merge(flow.reply().source(), 1L, Long::sum)));
        }
        return out;
    }

    private static void count(NetworkNamespace namespace, ObjectNode service, Consumer<Flow> each) {
        Set<Integer> seen = new HashSet<>();
        Consumer<Flow> translated = flow -> {
            if (!flow.isUntranslated() && seen.add(flow.id())) {
                each.accept(flow);
            }
        };
        try (Conntrack conntrack = Conntrack.open(namespace)) {
            for (ObjectNode port : Tree.objects(service, "spec", "ports")) {
                int protocol = Protocol.valueOf(Tree.text(port, "protocol")).number();
                Set<Integer> ports = new HashSet<>();
                ports.add((int) Tree.number(port, 0, "port"));
                ports.add((int) Tree.number(port, 0, "nodePort"));
                ports.remove(0);
                for (IpFamily family : IpFamily.values()) {
                    conntrack.flowsTo(family, protocol, ports, translated);
                }
            }
        } catch (KernelException gone) {
            // A node that just ends.
        }
    }
}
