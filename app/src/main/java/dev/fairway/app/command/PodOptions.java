package dev.fairway.app.command;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Version;
import dev.fairway.node.NodeSpec;
import dev.fairway.node.ProxySpec;
import dev.fairway.node.pod.ImageMap;
import dev.fairway.schema.KubeletEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Whether `fairway node` is a whole node: one that also registers itself and runs pods.
final class PodOptions {

    private static final String PODS = "--pods";
    private static final String NODE_IP = "--node-ip";
    private static final String KUBELET_PORT = "--kubelet-port";
    /// The first part of the names of its pods' network namespaces; a cluster on the same machine has another.
    private static final String NAMESPACES = "pods-of-";

    private PodOptions() {}

    static void addTo(CommandSpec spec) {
        spec.addOption(Options.list(
                PODS,
                "BLOCK",
                "Be a whole node: register it and run its pods, with addresses from these blocks, on a bridge",
                "that is called pods; at most one block of each family. Turns on forwarding between links."));
        spec.addOption(Options.list(NODE_IP, "ADDRESS", "For --pods: the addresses by which others know this node."));
        spec.addOption(OptionSpec.builder(KUBELET_PORT)
                .type(Integer.class)
                .paramLabel("PORT")
                .description(
                        "For --pods: where API servers, and nobody else, ask for logs of its pods and run commands",
                        "in them, on the addresses of --node-ip; " + KubeletEndpoint.USUAL_PORT
                                + " when not given, 0 for nowhere.")
                .build());
    }

    /// 0 for nowhere.
    static int kubeletPort(ParseResult options) {
        int port = options.matchedOptionValue(KUBELET_PORT, KubeletEndpoint.USUAL_PORT);
        if (port < 0 || port > 65_535) {
            throw new CommandException(ExitCode.USAGE, KUBELET_PORT + ": expected 0 to 65535, got " + port);
        }
        return port;
    }

    /// Empty when pods are others' work.
    ///
    /// @param proxy what the same options say of forwarding
    static Optional<NodeSpec> read(ParseResult options, ProxySpec proxy, StateFolder state) {
        List<Cidr> blocks = Options.blocks(options, PODS);
        List<IpAddress> addresses = Options.addresses(options, NODE_IP);
        if (blocks.isEmpty()) {
            refuseAlone(options, NODE_IP);
            refuseAlone(options, KUBELET_PORT);
            return Optional.empty();
        }
        if (blocks.stream().map(Cidr::family).distinct().count() < blocks.size()) {
            throw new CommandException(ExitCode.USAGE, PODS + ": at most one block of each family, got " + blocks);
        }
        if (addresses.isEmpty() || proxy.network().podRanges().isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE, PODS + ": also give " + NODE_IP + " and " + ForwardingOptions.CLUSTER_CIDR);
        }
        return Optional.of(NodeSpec.of(
                NAMESPACES + proxy.name(),
                proxy.name(),
                proxy.namespace(),
                addresses,
                List.of(),
                blocks,
                proxy.forwarding(),
                proxy.network(),
                ImageMap.EMPTY,
                state.node(proxy.name()),
                Map.of(),
                "v" + Version.NUMBER));
    }

    private static void refuseAlone(ParseResult options, String option) {
        if (Options.given(options, option)) {
            throw new CommandException(ExitCode.USAGE, option + " is for " + PODS + " alone");
        }
    }
}
