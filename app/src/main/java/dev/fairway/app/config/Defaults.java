package dev.fairway.app.config;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.app.config.ClusterConfig.AccessConfig;
import dev.fairway.app.config.ClusterConfig.DnsConfig;
import dev.fairway.app.config.ClusterConfig.NodeConfig;
import dev.fairway.app.config.ClusterConfig.OutsideConfig;
import dev.fairway.app.config.ClusterConfig.ServicesConfig;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.node.pod.ImageMap;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The settings of a cluster for which nothing was said. Outside addresses come from the blocks that are set apart for
/// documentation (RFC 5737, RFC 3849), so they cannot hide a real host.
public final class Defaults {

    public static final int NODE_COUNT = 2;
    public static final int NODE_COUNT_MAX = 100;

    private Defaults() {}

    public static ClusterConfig config(int nodeCount) {
        return new ClusterConfig(
                "fairway",
                nodes(nodeCount),
                new OutsideConfig(
                        cidrs("198.51.100.0/24", "2001:db8:100::/64"),
                        addresses("198.51.100.200", "2001:db8:100::200"),
                        addresses("198.51.100.254", "2001:db8:100::254"),
                        addresses("198.51.100.250", "2001:db8:100::250")),
                cidrs("172.31.0.0/24", "fd00:172:31::/64"),
                cidrs("203.0.113.0/24", "2001:db8:203::/112"),
                new ServicesConfig(cidrs("10.96.0.0/16", "fd00:10:96::/112"), 30000, 32767, new TreeMap<>()),
                Forwarding.on(new NodePortAddresses.Within(cidrs("0.0.0.0/0", "::/0"))),
                new DnsConfig(
                        "cluster.local",
                        addresses("10.96.0.10", "fd00:10:96::a"),
                        addresses("198.51.100.200", "2001:db8:100::200")),
                cidrs("10.97.0.0/16", "fd00:10:97::/112"),
                true,
                ImageMap.EMPTY,
                6443,
                6480,
                new AccessConfig("", false));
    }

    /// `node-1` to `node-N`, dual stack.
    public static List<NodeConfig> nodes(int count) {
        List<NodeConfig> nodes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String hex = Integer.toHexString(i);
            nodes.add(new NodeConfig(
                    "node-" + i,
                    "zone-" + i,
                    addresses("198.51.100." + i, "2001:db8:100::" + hex),
                    addresses("172.31.0." + i, "fd00:172:31::" + hex),
                    cidrs("10.244." + i + ".0/24", "fd00:10:244:" + hex + "::/64")));
        }
        return nodes;
    }

    private static List<IpAddress> addresses(String... texts) {
        return Stream.of(texts).map(IpAddress::parse).toList();
    }

    private static List<Cidr> cidrs(String... texts) {
        return Stream.of(texts).map(Cidr::parse).toList();
    }
}
