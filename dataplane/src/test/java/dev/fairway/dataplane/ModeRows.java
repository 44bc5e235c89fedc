package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.PacketRows.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What kube-proxy's options change: where node ports answer, and whose source is kept. The Services are those of
/// `PacketRows`.
final class ModeRows {

    private static final List<String> ALL_ADDRESSES =
            List.of("198.51.100.1", "172.31.0.1", "2001:db8:100::1", "fd00:172::1");
    private static final List<String> OWN = List.of("10.244.1.0/24", "fd00:244:1::/64");
    private static final List<String> ALL_PODS = List.of("10.244.0.0/16", "fd00:244::/32");

    /// By name: what the node is told.
    static final Map<String, NodeAddresses> MODES = Map.of(
            "ClusterCIDR", node(ALL_ADDRESSES, ALL_PODS, "", false),
            "NodeCIDR", node(ALL_ADDRESSES, OWN, "", false),
            "BridgeInterface", node(ALL_ADDRESSES, ALL_PODS, "pods", false),
            "InterfaceNamePrefix", node(ALL_ADDRESSES, ALL_PODS, "po*", false),
            "InterfaceNamePrefix-of-nobody", node(ALL_ADDRESSES, List.of(), List.of(), "veth*", false),
            "masquerade-all", node(ALL_ADDRESSES, ALL_PODS, "", true),
            "primary", node(List.of("198.51.100.1", "2001:db8:100::1"), ALL_PODS, "", false),
            "172.31.0.0/24", node(List.of("172.31.0.1"), ALL_PODS, "", false),
            "localhost", node(List.of("198.51.100.1", "127.0.0.1"), ALL_PODS, "", false));

    private static final String ROWS = """
            mode                           from     proto  address          port   allowed outcomes
            ClusterCIDR                    b        tcp    10.96.0.1        80     a | c
            ClusterCIDR                    b        tcp    fd00:10:96::1    80     a | c
            ClusterCIDR                    c        tcp    10.96.0.2        80     a
            ClusterCIDR                    outside  tcp    10.96.0.1        80     a masqueraded | c masqueraded
            NodeCIDR                       b        tcp    10.96.0.1        80     a | c
            NodeCIDR                       b        udp    fd00:10:96::2    80     a
            NodeCIDR                       c        tcp    10.96.0.1        80     a masqueraded | c masqueraded
            NodeCIDR                       c        udp    10.96.0.2        80     a masqueraded
            NodeCIDR                       outside  tcp    10.96.0.1        80     a masqueraded | c masqueraded
            NodeCIDR                       b        tcp    203.0.113.6      80     a | c
            BridgeInterface                b        tcp    10.96.0.1        80     a | c
            BridgeInterface                b        tcp    fd00:10:96::1    80     a | c
            BridgeInterface                b        udp    10.96.0.2        80     a
            BridgeInterface                a        tcp    10.96.0.1        80     a masqueraded | c
            BridgeInterface                c        tcp    10.96.0.1        80     a masqueraded | c masqueraded
            BridgeInterface                node     tcp    10.96.0.1        80     a masqueraded | c masqueraded
            BridgeInterface                outside  tcp    10.96.0.1        80     a masqueraded | c masqueraded
            BridgeInterface                b        tcp    203.0.113.6      80     a | c
            BridgeInterface                b        tcp    2001:db8:203::6  80     a | c
            BridgeInterface                outside  tcp    203.0.113.6      80     a
            InterfaceNamePrefix            b        tcp    10.96.0.1        80     a | c
            InterfaceNamePrefix            b        tcp    fd00:10:96::1    80     a | c
            InterfaceNamePrefix            c        tcp    10.96.0.1        80     a masqueraded | c masqueraded
            InterfaceNamePrefix            node     tcp    fd00:10:96::1    80     a masqueraded | c masqueraded
            InterfaceNamePrefix            b        tcp    203.0.113.6      80     a | c
            InterfaceNamePrefix-of-nobody  b        tcp    10.96.0.1        80     a masqueraded | c masqueraded
            InterfaceNamePrefix-of-nobody  b        tcp    203.0.113.6      80     a
            masquerade-all                 b        tcp    10.96.0.1        80     a masqueraded | c masqueraded
            masquerade-all                 b        tcp    fd00:10:96::1    80     a masqueraded | c masqueraded
            masquerade-all                 b        udp    10.96.0.2        80     a masqueraded
            masquerade-all                 b        tcp    203.0.113.6      80     a | c
            masquerade-all                 outside  tcp    203.0.113.6      80     a
            primary                        outside  tcp    198.51.100.1     30080  a masqueraded | c masqueraded
            primary                        outside  tcp    2001:db8:100::1  30080  a masqueraded | c masqueraded
            primary                        node     tcp    198.51.100.1     30080  a masqueraded | c masqueraded
            primary                        c        tcp    172.31.0.1       30080  refused
            primary                        c        udp    172.31.0.1       30081  refused
            primary                        node     tcp    127.0.0.1        30080  refused
            172.31.0.0/24                  c        tcp    172.31.0.1       30081  a masqueraded
            172.31.0.0/24                  b        tcp    172.31.0.1       30081  a masqueraded
            172.31.0.0/24                  outside  tcp    198.51.100.1     30080  refused
            172.31.0.0/24                  outside  tcp    2001:db8:100::1  30080  refused
            172.31.0.0/24                  outside  tcp    203.0.113.1      80     a masqueraded | c masqueraded
            localhost                      node     tcp    127.0.0.1        30080  a masqueraded | c masqueraded
            localhost                      node     tcp    127.0.0.1        30081  a masqueraded
            localhost                      node     udp    127.0.0.1        30081  a masqueraded
            localhost                      node     tcp    127.0.0.1        30082  refused
            localhost                      node     udp    127.0.0.1        30082  refused
            localhost                      node     tcp    127.0.0.1        30084  b masqueraded | c masqueraded
            localhost                      node     tcp    127.0.0.1        30085  b masqueraded
            localhost                      node     tcp    127.0.0.1        30086  a masqueraded | c masqueraded
            localhost                      node     tcp    127.0.0.1        30087  c masqueraded
            localhost                      node     tcp    127.0.0.1        30099  refused
            localhost                      outside  tcp    198.51.100.1     30080  a masqueraded | c masqueraded
            localhost                      outside  tcp    127.0.0.1        30080  silent
            localhost                      outside  udp    127.0.0.1        30081  silent
            """;

    private ModeRows() {}

    record ModeRow(String mode, Row row) {}

    static List<ModeRow> rows() {
        return ROWS.lines()
                .skip(1)
                .map(line -> line.split(" +", 2))
                .map(words -> new ModeRow(words[0], PacketRows.row(words[1])))
                .toList();
    }

    static List<Row> rows(String mode) {
        return rows().stream()
                .filter(row -> row.mode().equals(mode))
                .map(ModeRow::row)
                .toList();
    }

    private static NodeAddresses node(List<String> nodePorts, List<String> pods, String link, boolean masqueradeAll) {
        return node(nodePorts, OWN, pods, link, masqueradeAll);
    }

    private static NodeAddresses node(
            List<String> nodePorts, List<String> own, List<String> pods, String link, boolean masqueradeAll) {
        return new NodeAddresses(
                nodePorts.stream().map(IpAddress::parse).toList(),
                cidrs(own.stream()),
                cidrs(pods.stream()),
                cidrs(Stream.of("10.96.0.0/16", "fd00:10:96::/112")),
                List.of(),
                link.isEmpty() ? Optional.empty() : Optional.of(link),
                masqueradeAll);
    }

    private static List<Cidr> cidrs(Stream<String> texts) {
        return texts.map(Cidr::parse).toList();
    }
}
