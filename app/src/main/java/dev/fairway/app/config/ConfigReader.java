package dev.fairway.app.config;

import dev.fairway.address.IpAddress;
import dev.fairway.app.config.ClusterConfig.AccessConfig;
import dev.fairway.app.config.ClusterConfig.DnsConfig;
import dev.fairway.app.config.ClusterConfig.NodeConfig;
import dev.fairway.app.config.ClusterConfig.OutsideConfig;
import dev.fairway.app.config.ClusterConfig.ServicesConfig;
import dev.fairway.node.NodeSpec;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.node.ProxySpec.PodDetection;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads a cluster file. Unknown fields, wrong types and contradictions are refused with the field's name.
public final class ConfigReader {

    private static final String PRIMARY = "primary";

    private ConfigReader() {}

    /// @param source the file's name, for messages
    /// @throws ConfigException when a setting is wrong
    public static ClusterConfig parse(String text, String source) {
        Fields root = Fields.parse(text, source);
        ClusterConfig base = Defaults.config(Defaults.NODE_COUNT);
        ClusterConfig config = new ClusterConfig(
                root.text("name", base.name()),
                nodes(root, base),
                outside(root.section("outside"), base.outside()),
                root.cidrs("inside", base.inside()),
                root.cidrs("loadBalancerPools", base.loadBalancerPools()),
                services(root.section("services"), base.services()),
                forwarding(root.section("forwarding"), base.forwarding()),
                dns(root.section("dns"), base.dns()),
                root.cidrs("externalNames", base.externalNames()),
                root.flag("hostAccess", base.hostAccess()),
                ImageSettings.read(root.section("images")),
                root.number("apiPort", base.apiPort(), 0, 65535),
                root.number("pagePort", base.pagePort(), 0, 65535),
                access(root.section("access"), base.access()));
        root.refuseUnread();
        ConfigRules.check(config, source);
        return config;
    }

    private static AccessConfig access(Fields fields, AccessConfig base) {
        String file = fields.text("tokenFile", base.tokenFile());
        if (!file.isEmpty() && !file.startsWith("/")) {
            throw fields.refused("tokenFile", "expected an absolute path, got \"" + file + "\"");
        }
        return new AccessConfig(file, fields.flag("audit", base.audit()));
    }

    private static List<NodeConfig> nodes(Fields root, ClusterConfig base) {
        if (!root.has("nodes")) {
            return base.nodes();
        }
        if (root.isNumber("nodes")) {
            return Defaults.nodes(root.number("nodes", 0, 1, Defaults.NODE_COUNT_MAX));
        }
        List<NodeConfig> nodes = new ArrayList<>();
        for (Fields node : root.sections("nodes")) {
            nodes.add(new NodeConfig(
                    node.required("name"),
                    node.text("zone", ""),
                    node.addresses("outside", List.of()),
                    node.addresses("inside", List.of()),
                    node.cidrs("pods", List.of())));
        }
        return nodes;
    }

    private static OutsideConfig outside(Fields fields, OutsideConfig base) {
        return new OutsideConfig(
                fields.cidrs("networks", base.networks()),
                fields.addresses("host", base.host()),
                fields.addresses("edge", base.edge()),
                fields.addresses("machine", base.machine()));
    }

    private static ServicesConfig services(Fields fields, ServicesConfig base) {
        SortedMap<String, IpAddress> fixed = new TreeMap<>();
        fields.textMap("fixed").forEach((service, address) -> fixed.put(service, fields.address("fixed", address)));
        int[] ports = fields.portRange("nodePorts", base.nodePortFrom(), base.nodePortTo());
        return new ServicesConfig(fields.cidrs("ranges", base.ranges()), ports[0], ports[1], fixed);
    }

    private static Forwarding forwarding(Fields fields, Forwarding base) {
        String mode = fields.text("detectLocalMode", "ClusterCIDR");
        PodDetection pods = switch (mode) {
            case "ClusterCIDR" -> new PodDetection.ByBlocks();
            case "NodeCIDR" -> new PodDetection.ByNodeBlocks();
            case "BridgeInterface" -> new PodDetection.ByLink(NodeSpec.POD_BRIDGE);
            default ->
                throw fields.refused(
                        "detectLocalMode",
                        "unknown mode \"" + mode + "\"; known: ClusterCIDR, NodeCIDR, BridgeInterface");
        };
        return new Forwarding(
                nodePortAddresses(fields, base.nodePorts()),
                fields.flag("localhostNodePorts", base.localhostNodePorts()),
                pods,
                fields.flag("masqueradeAll", base.masqueradeAll()));
    }

    private static NodePortAddresses nodePortAddresses(Fields fields, NodePortAddresses base) {
        if (!fields.has("nodePortAddresses")) {
            return base;
        }
        return fields.texts("nodePortAddresses").equals(List.of(PRIMARY))
                ? new NodePortAddresses.Primary()
                : new NodePortAddresses.Within(fields.cidrs("nodePortAddresses", List.of()));
    }

    private static DnsConfig dns(Fields fields, DnsConfig base) {
        return new DnsConfig(
                fields.text("domain", base.domain()),
                fields.addresses("addresses", base.addresses()),
                fields.addresses("upstreams", base.upstreams()));
    }
}
