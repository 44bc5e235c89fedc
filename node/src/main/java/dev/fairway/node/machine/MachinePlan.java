package dev.fairway.node.machine;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// The network of a cluster on one machine: an outside segment with the outside host, the edge and the nodes, and an
/// inside segment that connects the nodes alone. Every list holds at most one entry of each family, but for pools.
///
/// @param cluster prefix of all namespaces and links: letters and digits, so that no cluster's names begin with
///     another's
/// @param outsideHost addresses of the host outside the cluster
/// @param edge addresses of the edge, which routes the balancer pools
/// @param realHost addresses of this machine itself in the outside segment; empty when it gets no access
/// @param balancerPools where LoadBalancer addresses come from
/// @param dnsAddresses what every node has on its loopback for its DNS server
public record MachinePlan(
        String cluster,
        List<MachineNode> nodes,
        List<Cidr> outsideNetworks,
        List<Cidr> insideNetworks,
        List<IpAddress> outsideHost,
        List<IpAddress> edge,
        List<IpAddress> realHost,
        List<Cidr> balancerPools,
        List<IpAddress> dnsAddresses) {

    public static final String DEFAULT_CLUSTER = "fairway";

    /// Names that no node may have: they stand for other parts in `CLUSTER-NAME`.
    private static final Set<String> RESERVED = Set.of("fabric", "outside", "edge");

    /// @throws IllegalArgumentException when names or addresses do not fit together; says which and why
    public MachinePlan {
        nodes = List.copyOf(nodes);
        outsideNetworks = List.copyOf(outsideNetworks);
        insideNetworks = List.copyOf(insideNetworks);
        outsideHost = List.copyOf(outsideHost);
        edge = List.copyOf(edge);
        realHost = List.copyOf(realHost);
        balancerPools = List.copyOf(balancerPools);
        dnsAddresses = List.copyOf(dnsAddresses);
        requireClusterName(cluster);
        requireNodeNames(nodes);
        requireIn("outside host", outsideHost, outsideNetworks);
        requireIn("edge", edge, outsideNetworks);
        requireIn("this machine", realHost, outsideNetworks);
        for (MachineNode node : nodes) {
            requireIn(node.name(), node.outside(), outsideNetworks);
            requireIn(node.name(), node.inside(), insideNetworks);
        }
        requireDistinct(nodes, List.of(outsideHost, edge, realHost));
        requireDisjointBlocks(nodes);
    }

    /// The addresses that Fairway uses when nothing else is said, for `nodeCount` nodes `node-1`, `node-2` and so on.
    ///
    /// @param hostAccess whether this machine itself can open node and LoadBalancer addresses
    public static MachinePlan standard(String cluster, int nodeCount, boolean hostAccess) {
        if (nodeCount < 1 || nodeCount > 199) {
            throw new IllegalArgumentException("a machine can have 1 to 199 nodes, not " + nodeCount);
        }
        return new MachinePlan(
                cluster,
                IntStream.rangeClosed(1, nodeCount)
                        .mapToObj(MachinePlan::standardNode)
                        .toList(),
                cidrs("198.51.100.0/24", "2001:db8:100::/64"),
                cidrs("172.31.0.0/24", "fd00:172:31::/64"),
                addresses("198.51.100.200", "2001:db8:100::200"),
                addresses("198.51.100.254", "2001:db8:100::254"),
                hostAccess ? addresses("198.51.100.250", "2001:db8:100::250") : List.of(),
                cidrs("203.0.113.0/24", "2001:db8:203::/112"),
                addresses("10.96.0.10", "fd00:10:96::a"));
    }

    MachinePlan withRealHostOverIpv4Only() {
        List<IpAddress> ipv4 = realHost.stream().filter(IpAddress::isV4).toList();
        return new MachinePlan(
                cluster, nodes, outsideNetworks, insideNetworks, outsideHost, edge, ipv4, balancerPools, dnsAddresses);
    }

    private static MachineNode standardNode(int number) {
        return new MachineNode(
                "node-" + number,
                addresses("198.51.100." + number, "2001:db8:100::" + number),
                addresses("172.31.0." + number, "fd00:172:31::" + number),
                cidrs("10.244." + number + ".0/24", "fd00:10:244:" + number + "::/64"));
    }

    private static List<IpAddress> addresses(String... texts) {
        return List.of(texts).stream().map(IpAddress::parse).toList();
    }

    private static List<Cidr> cidrs(String... texts) {
        return List.of(texts).stream().map(Cidr::parse).toList();
    }

    private static void requireClusterName(String cluster) {
        if (!cluster.matches("[a-z][a-z0-9]{0,12}")) { // a link's name has 15 characters at most
            throw new IllegalArgumentException("cluster name \"" + cluster
                    + "\" must be a lower-case letter followed by at most 12 letters or digits");
        }
    }

    private static void requireNodeNames(List<MachineNode> nodes) {
        Set<String> seen = new HashSet<>();
        for (MachineNode node : nodes) {
            String name = node.name();
            boolean wellFormed = name.matches("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");
            if (!wellFormed || RESERVED.contains(name) || name.startsWith("pod-")) {
                throw new IllegalArgumentException("node name \"" + name
                        + "\" must be a lower-case DNS name other than fabric, outside, edge and pod-...");
            }
            if (!seen.add(name)) {
                throw new IllegalArgumentException("two nodes have the name \"" + name + "\"");
            }
        }
    }

    private static void requireIn(String owner, List<IpAddress> addresses, List<Cidr> networks) {
        for (IpAddress address : addresses) {
            if (networks.stream().noneMatch(network -> network.contains(address))) {
                throw new IllegalArgumentException(
                        "address " + address + " of " + owner + " lies in none of the networks " + networks);
            }
        }
    }

    private static void requireDistinct(List<MachineNode> nodes, List<List<IpAddress>> others) {
        List<IpAddress> all = new ArrayList<>();
        others.forEach(all::addAll);
        nodes.forEach(node -> all.addAll(node.outside()));
        nodes.forEach(node -> all.addAll(node.inside()));
        Set<IpAddress> seen = new HashSet<>();
        for (IpAddress address : all) {
            if (!seen.add(address)) {
                throw new IllegalArgumentException("address " + address + " is used twice");
            }
        }
    }

    private static void requireDisjointBlocks(List<MachineNode> nodes) {
        List<Cidr> seen = new ArrayList<>();
        for (MachineNode node : nodes) {
            for (Cidr block : node.podBlocks()) {
                seen.stream().filter(block::overlaps).findFirst().ifPresent(other -> {
                    throw new IllegalArgumentException(
                            "pod block " + block + " of " + node.name() + " overlaps pod block " + other);
                });
                seen.add(block);
            }
        }
    }
}
