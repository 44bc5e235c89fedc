package dev.fairway.app.server;

import dev.fairway.address.IpAddress;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Logs;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.client.RemoteApiClient;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.node.LastKnownApi;
import dev.fairway.node.NodeProxy;
import dev.fairway.node.ProxySpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The life of a node's data plane as a process of its own: it waits for the API for as long as it must, says when it
/// is ready, and ends on TERM or INT. The kernel goes on forwarding without it.
public final class NodeProcess {

    private static final String LOOPBACK = "lo";
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private NodeProcess() {}

    /// Runs until the process is asked to end; returns the exit code.
    public static int run(ProxySpec spec, Path kubeconfig, StateFolder state, Terminal terminal)
            throws InterruptedException {
        Logs.toStandardError();
        state.open();
        takeAddresses(spec);
        try (EndRequest end = EndRequest.listen();
                RemoteApiClient client = RemoteApiClient.open(kubeconfig, "fairway-node");
                LastKnownApi api =
                        LastKnownApi.open(client, state.node(spec.name()).resolve("last-known"));
                NodeProxy proxy = NodeProxy.start(spec, api, Clock.systemUTC())) {
            terminal.note("node " + spec.name() + ": waiting for " + client.server());
            while (!end.isWished() && !proxy.awaitReady(PATIENCE)) {
                // the log says what it waits for
            }
            if (!end.isWished()) {
                terminal.note(ready(spec, proxy));
            }
            end.await();
            return ExitCode.OK.number();
        } catch (KernelException e) {
            throw new CommandException(ExitCode.FAILED, "node " + spec.name() + " cannot start: " + e.getMessage());
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            String cause =
                    Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("");
            throw new CommandException(ExitCode.FAILED, e.getMessage() + ": " + cause + "; does kube-proxy still run?");
        }
    }

    private static String ready(ProxySpec spec, NodeProxy proxy) {
        String inForce = "node " + spec.name() + ": " + proxy.table().services().size() + " Services are in force";
        return proxy.isRegistered()
                ? inForce
                : inForce + "; the API has no Node of this name, so node ports do not answer: see --node-name";
    }

    /// DNS answers on addresses that lead nowhere else than to this machine.
    private static void takeAddresses(ProxySpec spec) {
        List<IpAddress> wanted = spec.dnsListen();
        try (Rtnetlink links = Rtnetlink.open(spec.namespace())) {
            List<IpAddress> had =
                    links.addresses().stream().map(it -> it.address()).toList();
            for (IpAddress address : wanted) {
                if (!had.contains(address)) {
                    links.addAddress(LOOPBACK, address, address.isV4() ? 32 : 128);
                }
            }
        } catch (KernelException e) {
            throw new CommandException(
                    ExitCode.FAILED, "giving this machine the addresses " + wanted + ": " + e.getMessage());
        }
    }

    /// Takes away what such a process leaves: rules, and the addresses of DNS.
    public static void cleanUp(ProxySpec spec) {
        try (Rtnetlink links = Rtnetlink.open(spec.namespace())) {
            NodeProxy.removeRules(spec);
            links.addresses().stream()
                    .filter(it -> it.link().equals(LOOPBACK) && spec.dnsListen().contains(it.address()))
                    .forEach(it -> links.removeAddress(LOOPBACK, it.address(), it.prefix()));
        } catch (KernelException e) {
            throw new CommandException(ExitCode.FAILED, "cleaning up this machine: " + e.getMessage());
        }
    }
}
