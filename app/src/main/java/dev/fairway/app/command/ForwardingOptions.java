package dev.fairway.app.command;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.node.ProxySpec.PodDetection;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Where node ports answer and whose source is kept: the options that kube-proxy has too, with its names and values.
final class ForwardingOptions {

    static final String CLUSTER_CIDR = "--cluster-cidr";
    static final String LOCALHOST = "--localhost-nodeports";
    private static final String NODE_PORTS = "--nodeport-addresses";
    private static final String PRIMARY = "primary";
    private static final String MODE = "--detect-local-mode";
    private static final String BRIDGE = "--pod-bridge-interface";
    private static final String PREFIX = "--pod-interface-name-prefix";
    private static final String MASQUERADE_ALL = "--masquerade-all";
    /// `IFNAMSIZ` without the zero at the end.
    private static final int LINK_NAME_MAX = 15;

    private ForwardingOptions() {}

    static void addTo(CommandSpec spec) {
        spec.addOption(Options.list(
                CLUSTER_CIDR,
                "BLOCK",
                "Blocks of all pods, whose address is kept on the way to cluster IPs;",
                "the Node's own podCIDRs when not given."));
        spec.addOption(Options.text(
                MODE,
                "MODE",
                "How pods are told from others: ClusterCIDR (by --cluster-cidr), NodeCIDR (the Node's own",
                "podCIDRs), BridgeInterface or InterfaceNamePrefix. When not given, the first if it can be, else",
                "the second."));
        spec.addOption(Options.text(BRIDGE, "LINK", "For BridgeInterface: the bridge of this node's pods."));
        spec.addOption(Options.text(
                PREFIX, "LETTERS", "For InterfaceNamePrefix: how the links of this node's pods begin, such as veth."));
        spec.addOption(Options.flag(MASQUERADE_ALL, "Keep nobody's address on the way to cluster IPs."));
        spec.addOption(Options.list(
                NODE_PORTS,
                "BLOCK",
                "Where node ports answer: on this machine's addresses in these blocks, or primary:",
                "the Node's first address of each family (default)."));
        spec.addOption(
                Options.flag(LOCALHOST, "Node ports answer on 127.0.0.1 too. Sets net.ipv4.conf.all.route_localnet."));
    }

    /// @throws CommandException when the options contradict each other or are not understood
    static Forwarding read(ParseResult options) {
        return new Forwarding(
                nodePorts(options),
                Options.given(options, LOCALHOST),
                pods(options),
                Options.given(options, MASQUERADE_ALL));
    }

    private static NodePortAddresses nodePorts(ParseResult options) {
        List<String> given = options.matchedOptionValue(NODE_PORTS, List.of());
        return given.isEmpty() || given.equals(List.of(PRIMARY))
                ? new NodePortAddresses.Primary()
                : new NodePortAddresses.Within(Options.blocks(options, NODE_PORTS));
    }

    private static PodDetection pods(ParseResult options) {
        String mode = options.matchedOptionValue(MODE, "");
        String bridge = options.matchedOptionValue(BRIDGE, "");
        String prefix = options.matchedOptionValue(PREFIX, "");
        refuseWithout(mode.equals("BridgeInterface"), bridge, BRIDGE, "BridgeInterface");
        refuseWithout(mode.equals("InterfaceNamePrefix"), prefix, PREFIX, "InterfaceNamePrefix");
        return switch (mode) {
            case "" -> new PodDetection.ByBlocks();
            case "ClusterCIDR" -> {
                if (!Options.given(options, CLUSTER_CIDR)) {
                    throw new CommandException(ExitCode.USAGE, MODE + " ClusterCIDR: also give " + CLUSTER_CIDR);
                }
                yield new PodDetection.ByBlocks();
            }
            case "NodeCIDR" -> new PodDetection.ByNodeBlocks();
            case "BridgeInterface" -> new PodDetection.ByLink(link(BRIDGE, bridge));
            case "InterfaceNamePrefix" -> new PodDetection.ByLink(link(PREFIX, prefix) + "*");
            default ->
                throw new CommandException(
                        ExitCode.USAGE,
                        MODE + ": unknown mode \"" + mode
                                + "\"; known: ClusterCIDR, NodeCIDR, BridgeInterface, InterfaceNamePrefix");
        };
    }

    private static void refuseWithout(boolean wanted, String given, String option, String mode) {
        if (wanted && given.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, MODE + " " + mode + ": also give " + option);
        }
        if (!wanted && !given.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, option + " is for " + MODE + " " + mode + " alone");
        }
    }

    private static String link(String option, String name) {
        if (!name.matches("[^/\\s*]{1," + LINK_NAME_MAX + "}")) {
            throw new CommandException(
                    ExitCode.USAGE,
                    option + ": expected a link's name of at most " + LINK_NAME_MAX + " letters, got \"" + name + "\"");
        }
        return name;
    }
}
