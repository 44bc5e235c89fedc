package dev.fairway.app.server;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Logs;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.client.RemoteApiClient;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.Sysctl;
import dev.fairway.node.LastKnownApi;
import dev.fairway.node.NodePart;
import dev.fairway.node.NodeProxy;
import dev.fairway.node.NodeSpec;
import dev.fairway.node.ProxySpec;
import dev.fairway.node.machine.MachineNetwork;
import dev.fairway.node.machine.MachineNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// The life of a node as a process of its own: it waits for the API for as long as it must, says when it is ready, and
/// ends on TERM or INT. The kernel goes on forwarding without it, and processes of pods go on.
///
/// @param proxy what forwards and resolves
/// @param whole the node that runs pods too; empty when they are others' work
/// @param kubeletPort where such a node answers for its pods; 0 for nowhere
public record NodeProcess(ProxySpec proxy, Optional<NodeSpec> whole, int kubeletPort) {

    private static final String LOOPBACK = "lo";
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /// Runs until the process is asked to end; returns the exit code.
    public int run(Path kubeconfig, StateFolder state, Terminal terminal) throws InterruptedException {
        Logs.toStandardError();
        state.open();
        prepare();
        try (EndRequest end = EndRequest.listen();
                RemoteApiClient client = RemoteApiClient.open(kubeconfig, "fairway-node");
                LastKnownApi api =
                        LastKnownApi.open(client, state.node(proxy.name()).resolve("last-known"));
                RunningNode node = start(api, client)) {
            terminal.note("node " + proxy.name() + ": waiting for " + client.server());
            while (!end.isWished() && !node.part().awaitReady(PATIENCE)) {
                // the log says what it waits for
            }
            if (!end.isWished()) {
                terminal.note(ready(node.part()));
                SettledHeap.settle();
            }
            end.await();
            return ExitCode.OK.number();
        } catch (KernelException e) {
            throw new CommandException(ExitCode.FAILED, "node " + proxy.name() + " cannot start: " + e.getMessage());
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            String cause =
                    Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("");
            throw new CommandException(ExitCode.FAILED, e.getMessage() + ": " + cause + "; does kube-proxy still run?");
        }
    }

    /// Pods, and what the node writes, are never what was known last.
    private RunningNode start(LastKnownApi api, RemoteApiClient client) throws IOException {
        return whole.isPresent()
                ? RunningNode.whole(whole.get(), kubeletPort, api, client)
                : new RunningNode(NodeProxy.start(proxy, api, Clock.systemUTC()), Optional.empty());
    }

    private String ready(NodePart part) {
        String inForce = "node " + proxy.name() + ": " + part.table().services().size() + " Services are in force";
        return part.isRegistered()
                ? inForce
                : inForce + "; the API has no Node of this name, so node ports do not answer: see --node-name";
    }

    /// DNS answers on addresses that lead nowhere else than to this machine, and pods need a bridge.
    private void prepare() {
        try (Rtnetlink links = Rtnetlink.open(proxy.namespace())) {
            for (IpAddress address : proxy.dnsListen()) {
                address(links, LOOPBACK, address, address.family().bits());
            }
            whole.ifPresent(node -> bridge(links, node));
        } catch (KernelException e) {
            throw new CommandException(
                    ExitCode.FAILED, "giving this machine its links and addresses: " + e.getMessage());
        }
    }

    private static void bridge(Rtnetlink links, NodeSpec node) {
        if (links.link(node.podBridge()).isEmpty()) {
            links.addBridge(node.podBridge());
        }
        links.setUp(node.podBridge());
        for (Cidr block : node.podBlocks()) {
            address(links, node.podBridge(), MachineNode.gateway(block), block.prefix());
            Sysctl.write(node.namespace(), forwarding(block.family()), "1");
        }
    }

    private static String forwarding(IpFamily family) {
        return switch (family) {
            case IPV4 -> "net.ipv4.ip_forward";
            case IPV6 -> "net.ipv6.conf.all.forwarding";
        };
    }

    private static void address(Rtnetlink links, String link, IpAddress address, int prefix) {
        if (links.addresses().stream().noneMatch(had -> had.address().equals(address))) {
            links.addAddress(link, address, prefix);
        }
    }

    /// Takes away what such a process leaves: rules, the addresses of DNS, and pods with their bridge.
    public void cleanUp() {
        try (Rtnetlink links = Rtnetlink.open(proxy.namespace())) {
            NodeProxy.removeRules(proxy);
            whole.ifPresent(node -> removePods(links, node));
            links.addresses().stream()
                    .filter(it ->
                            it.link().equals(LOOPBACK) && proxy.dnsListen().contains(it.address()))
                    .forEach(it -> links.removeAddress(LOOPBACK, it.address(), it.prefix()));
        } catch (KernelException e) {
            throw new CommandException(ExitCode.FAILED, "cleaning up this machine: " + e.getMessage());
        }
    }

    private static void removePods(Rtnetlink links, NodeSpec node) {
        MachineNetwork.remove(node.clusterName());
        links.link(node.podBridge())
                .filter(link -> link.kind().equals("bridge"))
                .ifPresent(link -> links.deleteLink(link.name()));
    }
}
