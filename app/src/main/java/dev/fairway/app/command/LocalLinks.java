package dev.fairway.app.command;

import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.config.ClusterConfig.NodeConfig;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.node.machine.Machine;
import dev.fairway.node.machine.MachineCable;
import dev.fairway.node.pod.PodNamespace;
import dev.fairway.picture.explain.NodeFacts.Cable;
import dev.fairway.picture.explain.NodeFacts.Link;
import dev.fairway.picture.explain.NodeFacts.PodWay;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The links of a cluster on this machine, each namespace read once.
final class LocalLinks {

    private final Optional<ClusterConfig> cluster;
    private final Map<String, Map<String, Integer>> mtus = new HashMap<>();

    private LocalLinks(Optional<ClusterConfig> cluster) {
        this.cluster = cluster;
    }

    /// @param cluster of this machine's state folder
    static LocalLinks of(Optional<ClusterConfig> cluster) {
        return new LocalLinks(cluster);
    }

    /// Only those with both ends.
    List<Cable> cables() {
        List<Cable> out = new ArrayList<>();
        cluster.ifPresent(config -> {
            List<String> nodes = config.nodes().stream().map(NodeConfig::name).toList();
            for (MachineCable cable : MachineCable.of(nodes)) {
                Optional<Link> end = link(words(cable.owner()), config.name() + "-" + cable.owner(), cable.link());
                Optional<Link> port = link("the switch", config.name() + "-" + MachineCable.FABRIC, cable.port());
                if (end.isPresent() && port.isPresent()) {
                    boolean outside = cable.segment() == MachineCable.Segment.OUTSIDE;
                    out.add(new Cable(outside, words(cable.owner()), end.get(), port.get()));
                }
            }
        });
        return out;
    }

    private static String words(String owner) {
        return switch (owner) {
            case MachineCable.EDGE -> "the edge";
            case MachineCable.OUTSIDE_HOST -> "the host outside";
            default -> owner;
        };
    }

    /// Pods are known by their uid, so those of another cluster are not mistaken for its own.
    Map<ObjectKey, PodWay> pods(Collection<ObjectNode> pods) {
        Map<ObjectKey, PodWay> out = new HashMap<>();
        cluster.ifPresent(config ->
                pods.forEach(pod -> way(config.name(), pod).ifPresent(way -> out.put(Meta.key(pod), way))));
        return out;
    }

    private Optional<PodWay> way(String cluster, ObjectNode pod) {
        String name = Tree.text(pod, "spec", "nodeName");
        String node = cluster + "-" + name;
        Optional<Link> near = link(name, node, PodNamespace.nodeLink(Meta.uid(pod)));
        if (near.isEmpty()) {
            return Optional.empty();
        }
        Optional<Link> bridge = link(name, node, Machine.POD_BRIDGE);
        Optional<Link> far =
                link("pod " + Meta.name(pod), PodNamespace.name(cluster, Meta.uid(pod)), PodNamespace.POD_LINK);
        return far.flatMap(end -> bridge.map(it -> new PodWay(end, near.get(), it)));
    }

    private Optional<Link> link(String where, String namespace, String name) {
        return Optional.ofNullable(
                        mtus.computeIfAbsent(namespace, LocalLinks::read).get(name))
                .map(mtuBytes -> new Link(where, namespace, name, mtuBytes));
    }

    /// Empty when the namespace is not there, goes just now, or may not be entered.
    private static Map<String, Integer> read(String namespace) {
        Map<String, Integer> out = new HashMap<>();
        NetworkNamespace.find(namespace).ifPresent(found -> {
            try (Rtnetlink links = Rtnetlink.open(found)) {
                links.links().forEach(link -> out.put(link.name(), link.mtuBytes()));
            } catch (KernelException gone) {
                out.clear();
            }
        });
        return out;
    }
}
