package dev.fairway.app.server;

import dev.fairway.address.Cidr;
import dev.fairway.api.kind.ServiceRanges;
import dev.fairway.app.Version;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.config.ClusterConfig.NodeConfig;
import dev.fairway.control.Settings;
import dev.fairway.dns.Upstream;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.ClusterNetwork;
import dev.fairway.node.NodeSpec;
import dev.fairway.node.machine.MachineNode;
import dev.fairway.node.machine.MachinePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What each room is told of the settings, in the room's own words.
final class Plans {

    private static final String ZONE = "topology.kubernetes.io/zone";

    private Plans() {}

    static ServiceRanges serviceRanges(ClusterConfig config) {
        return new ServiceRanges(
                config.services().ranges(),
                config.services().nodePortFrom(),
                config.services().nodePortTo(),
                config.services().fixed());
    }

    static MachinePlan machine(ClusterConfig config) {
        return new MachinePlan(
                config.name(),
                config.nodes().stream()
                        .map(node -> new MachineNode(node.name(), node.outside(), node.inside(), node.pods()))
                        .toList(),
                config.outside().networks(),
                config.inside(),
                config.outside().host(),
                config.outside().edge(),
                config.hostAccess() ? config.outside().machine() : List.of(),
                config.loadBalancerPools(),
                config.dns().addresses());
    }

    static Settings controllers(ClusterConfig config, int apiPort, Supplier<String> authorityPem) {
        Cidr primary = config.services().ranges().getFirst();
        // where pods reach the servers is what their leases say
        Settings.KubernetesService kubernetes =
                new Settings.KubernetesService(primary.at(1).toString(), List.of(), apiPort);
        List<String> dns =
                config.dns().addresses().stream().map(Object::toString).toList();
        return Settings.of(kubernetes, dns, authorityPem)
                .withServiceRanges(config.services().ranges());
    }

    static ClusterNetwork network(ClusterConfig config) {
        return new ClusterNetwork(
                config.nodes().stream().flatMap(node -> node.pods().stream()).toList(),
                config.services().ranges(),
                config.inside(),
                config.externalNames(),
                config.dns().addresses(),
                config.dns().domain(),
                config.dns().upstreams().stream().map(Upstream::of).toList());
    }

    static NodeSpec node(ClusterConfig config, NodeConfig node, NetworkNamespace namespace, Path stateFolder) {
        Map<String, String> labels = node.zone().isEmpty() ? Map.of() : Map.of(ZONE, node.zone());
        return NodeSpec.of(
                config.name(),
                node.name(),
                namespace,
                node.inside(),
                node.outside(),
                node.pods(),
                config.forwarding(),
                network(config),
                config.images(),
                stateFolder,
                labels,
                "v" + Version.NUMBER);
    }

    /// Names of all nodes, for the progress line.
    static String names(ClusterConfig config) {
        return String.join(", ", config.nodes().stream().map(NodeConfig::name).toList());
    }
}
