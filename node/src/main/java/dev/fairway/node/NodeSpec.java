package dev.fairway.node;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.node.pod.ImageMap;
import dev.fairway.schema.KubeletEndpoint;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What one node is. Its network is there already: addresses, the pods' bridge, routes.
///
/// @param clusterName the first part of the names of its pods' network namespaces
/// @param namespace in which the node lives; the machine's own for a real node
/// @param insideAddresses by which nodes and pods know it, IPv4 first
/// @param outsideAddresses by which clients outside the cluster know it
/// @param podBlocks at most one of each family
/// @param podBridge the link that carries the first address of each pod block
/// @param forwarding where node ports answer among its addresses, and whose source is kept
/// @param dnsServed whether this node answers the cluster's DNS addresses itself
/// @param stateFolder where it keeps what must outlive a restart
/// @param labels beside the well-known ones, `topology.kubernetes.io/zone` for example
/// @param podCountMax capacity for placement
/// @param version shown as the node's version
/// @param kubelet where API servers reach its pods; empty when they are in the same process, or do not
public record NodeSpec(
        String clusterName,
        String name,
        NetworkNamespace namespace,
        List<IpAddress> insideAddresses,
        List<IpAddress> outsideAddresses,
        List<Cidr> podBlocks,
        String podBridge,
        Forwarding forwarding,
        boolean dnsServed,
        ClusterNetwork network,
        ImageMap images,
        Path stateFolder,
        SortedMap<String, String> labels,
        int podCountMax,
        String version,
        Optional<KubeletEndpoint> kubelet) {

    public static final String POD_BRIDGE = "pods";
    private static final int POD_COUNT_MAX = 250;

    public NodeSpec {
        insideAddresses = List.copyOf(insideAddresses);
        outsideAddresses = List.copyOf(outsideAddresses);
        podBlocks = List.copyOf(podBlocks);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        if (insideAddresses.isEmpty()) {
            throw new IllegalArgumentException("node \"" + name + "\" needs an inside address");
        }
    }

    /// What its forwarding and resolving part is told.
    ProxySpec toProxy() {
        return new ProxySpec(
                name,
                namespace,
                labels.getOrDefault("topology.kubernetes.io/zone", ""),
                new Forwarding(
                        new NodePortAddresses.Fixed(nodePorts()),
                        forwarding.localhostNodePorts(),
                        forwarding.pods(),
                        forwarding.masqueradeAll()),
                podBlocks,
                network,
                dnsServed ? network.dnsAddresses() : List.of(),
                true);
    }

    /// Its own addresses, and not all of its links: those of pods' bridge and of DNS are no node's.
    private List<IpAddress> nodePorts() {
        List<IpAddress> own = Stream.concat(insideAddresses.stream(), outsideAddresses.stream())
                .distinct()
                .toList();
        return switch (forwarding.nodePorts()) {
            case NodePortAddresses.Fixed(List<IpAddress> addresses) -> addresses;
            case NodePortAddresses.Primary _ ->
                Arrays.stream(IpFamily.values())
                        .flatMap(family -> own.stream()
                                .filter(address -> address.family() == family)
                                .limit(1))
                        .toList();
            case NodePortAddresses.Within(List<Cidr> blocks) ->
                own.stream()
                        .filter(address -> blocks.stream().anyMatch(block -> block.contains(address)))
                        .toList();
        };
    }

    /// A node with the usual settings: bridge `pods`, DNS served, as many pods as a /24 has addresses.
    public static NodeSpec of(
            String clusterName,
            String name,
            NetworkNamespace namespace,
            List<IpAddress> insideAddresses,
            List<IpAddress> outsideAddresses,
            List<Cidr> podBlocks,
            Forwarding forwarding,
            ClusterNetwork network,
            ImageMap images,
            Path stateFolder,
            Map<String, String> labels,
            String version) {
        return new NodeSpec(
                clusterName,
                name,
                namespace,
                insideAddresses,
                outsideAddresses,
                podBlocks,
                POD_BRIDGE,
                forwarding,
                true,
                network,
                images,
                stateFolder,
                new TreeMap<>(labels),
                POD_COUNT_MAX,
                version,
                Optional.empty());
    }

    /// The same node, whose pods are reached there.
    public NodeSpec reachedAt(KubeletEndpoint endpoint) {
        return new NodeSpec(
                clusterName,
                name,
                namespace,
                insideAddresses,
                outsideAddresses,
                podBlocks,
                podBridge,
                forwarding,
                dnsServed,
                network,
                images,
                stateFolder,
                labels,
                podCountMax,
                version,
                Optional.of(endpoint));
    }
}
