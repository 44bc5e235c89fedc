package dev.fairway.app.command;

import dev.fairway.address.IpAddress;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Preconditions;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.server.NodeProcess;
import dev.fairway.dns.Upstream;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.ClusterNetwork;
import dev.fairway.node.ProxySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `fairway node`: the data plane, and if wanted DNS, of this machine as a node of any Kubernetes cluster, in the
/// foreground; in the place of kube-proxy, or with `--pods` of kubelet, too.
final class NodeCommand {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private NodeCommand() {}

    static Commands.Command command() {
        CommandSpec spec = Options.command(
                "node", "Forward Services on this machine, a node of any Kubernetes cluster, in the foreground.");
        spec.addOption(OptionSpec.builder("--kubeconfig")
                .type(Path.class)
                .paramLabel("FILE")
                .description("Where the API server is, and who this node is there.")
                .build());
        spec.addOption(
                Options.text("--node-name", "NAME", "The name of this machine's Node; the host name when not given."));
        ForwardingOptions.addTo(spec);
        spec.addOption(Options.list(
                "--dns",
                "ADDRESS",
                "Answer DNS on these addresses, which this machine's loopback gets; no DNS when not given."));
        spec.addOption(Options.text("--dns-domain", "DOMAIN", "The cluster's domain; cluster.local when not given."));
        spec.addOption(Options.list(
                "--dns-upstream",
                "ADDRESS",
                "Who is asked for other names; those in /etc/resolv.conf when not given."));
        spec.addOption(Options.list(
                "--external-names",
                "BLOCK",
                "Where ExternalName Services with translated ports get their addresses; none when not given."));
        PodOptions.addTo(spec);
        spec.addOption(Options.state());
        spec.addOption(Options.flag(
                "--cleanup",
                "Take this machine's rules away, and what --dns, --localhost-nodeports and --pods made, and end."));
        return new Commands.Command(spec, NodeCommand::run);
    }

    private static int run(ParseResult options, Terminal terminal) throws Exception {
        Preconditions.requireRoot("node");
        ProxySpec spec = spec(options);
        StateFolder state = Options.stateFolder(options);
        NodeProcess process =
                new NodeProcess(spec, PodOptions.read(options, spec, state), PodOptions.kubeletPort(options));
        if (Options.given(options, "--cleanup")) {
            process.cleanUp();
            return ExitCode.OK.number();
        }
        Path kubeconfig = Optional.ofNullable(options.matchedOptionValue("--kubeconfig", (Path) null))
                .orElseThrow(() -> new CommandException(
                        ExitCode.USAGE, "--kubeconfig: which cluster? give the file that leads to its API server"));
        return process.run(kubeconfig, state, terminal);
    }

    private static ProxySpec spec(ParseResult options) {
        List<IpAddress> dns = Options.addresses(options, "--dns");
        List<IpAddress> upstreams = Options.given(options, "--dns-upstream")
                ? Options.addresses(options, "--dns-upstream")
                : upstreamsOfMachine(dns);
        ClusterNetwork network = new ClusterNetwork(
                Options.blocks(options, ForwardingOptions.CLUSTER_CIDR),
                List.of(), // the API has ServiceCIDRs
                List.of(),
                Options.blocks(options, "--external-names"),
                dns,
                options.matchedOptionValue("--dns-domain", "cluster.local"),
                upstreams.stream().map(Upstream::of).toList());
        return new ProxySpec(
                options.matchedOptionValue("--node-name", hostName()),
                NetworkNamespace.host(),
                "",
                ForwardingOptions.read(options),
                List.of(),
                network,
                dns,
                false);
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "reading the host name: " + e + "; give --node-name");
        }
    }

    /// Without the addresses on which this very DNS answers.
    private static List<IpAddress> upstreamsOfMachine(List<IpAddress> own) {
        if (!Files.isReadable(RESOLV_CONF)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(RESOLV_CONF)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                    .flatMap(words -> IpAddress.tryParse(words[1]).stream())
                    .filter(address -> !own.contains(address))
                    .toList();
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "reading " + RESOLV_CONF + ": " + e + "; give --dns-upstream");
        }
    }
}
