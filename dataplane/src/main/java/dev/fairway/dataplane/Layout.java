package dev.fairway.dataplane;

import static dev.fairway.kernel.nft.ValueType.INET_PROTO;
import static dev.fairway.kernel.nft.ValueType.INET_SERVICE;
import static dev.fairway.kernel.nft.ValueType.MARK;

import dev.fairway.address.IpFamily;
import dev.fairway.kernel.nft.NftFamily;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Operand;
import dev.fairway.kernel.nft.Operand.Field;
import dev.fairway.kernel.nft.Table;
import dev.fairway.kernel.nft.ValueType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The table of one family: its sets and maps, and the keys by which packets are looked up. Nothing in it depends on
/// the Services.
///
/// @param services frontend -> chain that picks an endpoint
/// @param endpoints frontend and slot -> endpoint; slots of a frontend are dense from 0, and those of endpoints on this
///     node alone from `LOCAL_SLOTS`
/// @param nodePorts protocol and port -> chain, for packets to `nodeAddresses`
/// @param nodePortEndpoints protocol, port and slot -> endpoint
/// @param outside frontend -> chain that picks among endpoints on this node, for packets from outside
/// @param outsideNodePorts the same for node ports
/// @param restricted load balancer frontends -> chain that drops who is not in the source ranges
/// @param ownVips addresses paired with themselves: the node may use them with their own address as source
/// @param keepSource frontends whose clients outside keep their address
/// @param keepSourceNodePorts the same for node ports
/// @param unserved frontends without endpoints, each with how many packets to it were refused
/// @param unservedNodePorts the same for node ports
/// @param stranded frontends under the policy `Local` without an endpoint on this node, each with how many packets to
///     it were dropped
/// @param strandedNodePorts the same for node ports
/// @param excluded load balancer frontends with source ranges, each with how many packets from elsewhere were dropped
/// @param connections frontends, each with how many new connections came to it
/// @param nodePortConnections the same for node ports
/// @param clusterIps cluster IPs: masqueraded unless a pod asks
/// @param externalIps other Service addresses: always masqueraded
/// @param hairpins local endpoints paired with themselves
/// @param sticky frontends with session affinity -> chain that learns
/// @param stickyPods frontends whose pods are kept across ports, with the pod -> chain that learns for all of them
/// @param affinity client and frontend -> the endpoint it got last
record Layout(
        Table table,
        NftSet services,
        NftSet endpoints,
        NftSet nodePorts,
        NftSet nodePortEndpoints,
        NftSet outside,
        NftSet outsideNodePorts,
        NftSet restricted,
        NftSet ownVips,
        NftSet keepSource,
        NftSet keepSourceNodePorts,
        NftSet unserved,
        NftSet unservedNodePorts,
        NftSet stranded,
        NftSet strandedNodePorts,
        NftSet excluded,
        NftSet connections,
        NftSet nodePortConnections,
        NftSet clusterIps,
        NftSet externalIps,
        NftSet nodeAddresses,
        NftSet hairpins,
        NftSet sticky,
        NftSet stickyPods,
        NftSet affinity) {

    static final String TABLE_NAME = "fairway";
    static final int LOCAL_SLOTS = 65_536;
    private static final int MAX_LEARNED = 262_144;

    static final Layout V4 = of(NftFamily.IP);
    static final Layout V6 = of(NftFamily.IP6);
    static final List<Layout> ALL = List.of(V4, V6);

    /// What few Services fill. While nobody does, no packet is looked up in them.
    static final Set<NftSet> ASKED_IF_FILLED = ALL.stream()
            .flatMap(layout -> Stream.of(
                    layout.restricted,
                    layout.sticky,
                    layout.outside,
                    layout.outsideNodePorts,
                    layout.keepSource,
                    layout.keepSourceNodePorts))
            .collect(Collectors.toUnmodifiableSet());

    static Layout of(IpFamily family) {
        return switch (family) {
            case IPV4 -> V4;
            case IPV6 -> V6;
        };
    }

    private static Layout of(NftFamily family) {
        Table table = new Table(family, TABLE_NAME);
        ValueType address = ValueType.address(family);
        return new Layout(
                table,
                NftSet.verdictMap(table, "services", address, INET_PROTO, INET_SERVICE),
                NftSet.map(table, "endpoints", List.of(address, INET_PROTO, INET_SERVICE, MARK), address, INET_SERVICE),
                NftSet.verdictMap(table, "nodeports", INET_PROTO, INET_SERVICE),
                NftSet.map(table, "nodeport-endpoints", List.of(INET_PROTO, INET_SERVICE, MARK), address, INET_SERVICE),
                NftSet.verdictMap(table, "outside", address, INET_PROTO, INET_SERVICE),
                NftSet.verdictMap(table, "outside-nodeports", INET_PROTO, INET_SERVICE),
                NftSet.verdictMap(table, "restricted", address, INET_PROTO, INET_SERVICE),
                NftSet.set(table, "own-vips", address, address),
                NftSet.set(table, "keep-source", address, INET_PROTO, INET_SERVICE),
                NftSet.set(table, "keep-source-nodeports", INET_PROTO, INET_SERVICE),
                NftSet.countingSet(table, "unserved", address, INET_PROTO, INET_SERVICE),
                NftSet.countingSet(table, "unserved-nodeports", INET_PROTO, INET_SERVICE),
                NftSet.countingSet(table, "stranded", address, INET_PROTO, INET_SERVICE),
                NftSet.countingSet(table, "stranded-nodeports", INET_PROTO, INET_SERVICE),
                NftSet.countingSet(table, "excluded", address, INET_PROTO, INET_SERVICE),
                NftSet.countingSet(table, "connections", address, INET_PROTO, INET_SERVICE),
                NftSet.countingSet(table, "nodeport-connections", INET_PROTO, INET_SERVICE),
                NftSet.set(table, "cluster-ips", address),
                NftSet.set(table, "external-ips", address),
                NftSet.set(table, "node-addresses", address),
                NftSet.set(table, "hairpins", address, address),
                NftSet.verdictMap(table, "sticky", address, INET_PROTO, INET_SERVICE),
                NftSet.verdictMap(table, "sticky-pods", address, INET_PROTO, INET_SERVICE, address),
                NftSet.learningMap(
                        table,
                        "affinity",
                        List.of(address, address, INET_PROTO, INET_SERVICE),
                        List.of(address, INET_SERVICE),
                        MAX_LEARNED));
    }

    List<NftSet> sets() {
        return List.of(
                services,
                endpoints,
                nodePorts,
                nodePortEndpoints,
                outside,
                outsideNodePorts,
                restricted,
                ownVips,
                keepSource,
                keepSourceNodePorts,
                unserved,
                unservedNodePorts,
                stranded,
                strandedNodePorts,
                excluded,
                connections,
                nodePortConnections,
                clusterIps,
                externalIps,
                nodeAddresses,
                hairpins,
                sticky,
                stickyPods,
                affinity);
    }

    /// The sets whose elements are planned; those of `affinity` are learned by the kernel.
    List<NftSet> plannedSets() {
        return sets().stream().filter(set -> !set.learning()).toList();
    }

    /// A set whose elements count packets that do not pass.
    record Drops(NftSet set, DropReason reason) {}

    List<Drops> drops() {
        return List.of(
                new Drops(unserved, DropReason.NO_ENDPOINTS),
                new Drops(unservedNodePorts, DropReason.NO_ENDPOINTS),
                new Drops(stranded, DropReason.NO_LOCAL_ENDPOINT),
                new Drops(strandedNodePorts, DropReason.NO_LOCAL_ENDPOINT),
                new Drops(excluded, DropReason.SOURCE_RANGES));
    }

    NftFamily family() {
        return table.family();
    }

    IpFamily ipFamily() {
        return family() == NftFamily.IP ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    List<Operand> frontendKey() {
        return List.of(Field.daddr(family()), Field.L4PROTO, Field.DPORT);
    }

    List<Operand> nodePortKey() {
        return List.of(Field.L4PROTO, Field.DPORT);
    }

    List<Operand> clientKey() {
        return List.of(Field.saddr(family()), Field.daddr(family()), Field.L4PROTO, Field.DPORT);
    }

    List<Operand> originalNodePortKey() {
        return List.of(Field.L4PROTO, Field.CT_ORIGINAL_DPORT);
    }

    List<Operand> originalFrontendKey() {
        return List.of(Field.originalDaddr(family()), Field.L4PROTO, Field.CT_ORIGINAL_DPORT);
    }

    /// The frontend that the client chose, and the pod that was chosen for it.
    List<Operand> originalFrontendAndPodKey() {
        return List.of(Field.originalDaddr(family()), Field.L4PROTO, Field.CT_ORIGINAL_DPORT, Field.daddr(family()));
    }

    List<Operand> originalClientKey() {
        return List.of(Field.saddr(family()), Field.originalDaddr(family()), Field.L4PROTO, Field.CT_ORIGINAL_DPORT);
    }
}
