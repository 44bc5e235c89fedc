package dev.fairway.bench;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.ClusterNetwork;
import dev.fairway.node.LastKnownApi;
import dev.fairway.node.NodeProxy;
import dev.fairway.node.ProxySpec;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// What `fairway node` runs to forward and resolve, in a network namespace of its own, before an API that is made up.
final class AgentUnderTest implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = 20_000;

    private final Path folder;
    private final NetworkNamespace namespace;
    private final GeneratedApi api;
    private final LastKnownApi known;
    private final NodeProxy proxy;
    private final double coldMillis;

    private AgentUnderTest(Path folder, NetworkNamespace namespace, int services, int endpoints)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.namespace = namespace;
        this.api = new GeneratedApi(services, endpoints);
        this.known = LastKnownApi.open(api, folder);
        Proc.forgetPeak();
        long start = System.nanoTime();
        this.proxy = NodeProxy.start(spec(namespace), known, Clock.systemUTC());
        if (!proxy.awaitReady(PATIENCE)) {
            throw new IllegalStateException("not ready: " + proxy.realized());
        }
        this.coldMillis = millis(start);
    }

    /// Waits until the kernel has all of it.
    static AgentUnderTest ready(int services, int endpoints) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("agent-bench");
        NetworkNamespace namespace =
                NetworkNamespace.create("fwa-" + ProcessHandle.current().pid());
        return new AgentUnderTest(folder, namespace, services, endpoints);
    }

    double coldMillis() {
        return coldMillis;
    }

    NetworkNamespace namespace() {
        return namespace;
    }

    /// What the API has to tell when one endpoint of a Service becomes another one. Making it is no work of the agent's.
    byte[] text(int number) {
        return api.change(number);
    }

    /// @return milliseconds from the text of a change to the rules in the kernel
    double change(byte[] slice) {
        long before = proxy.realized().revision();
        long start = System.nanoTime();
        api.tell(slice);
        while (proxy.realized().revision() == before) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("not in force: " + new String(slice, StandardCharsets.UTF_8));
            }
            LockSupport.parkNanos(LOOK_NANOS); // who spins takes a processor from the agent
        }
        return millis(start);
    }

    private static ProxySpec spec(NetworkNamespace namespace) {
        List<Cidr> pods = List.of(Cidr.parse("10.128.0.0/9"));
        ClusterNetwork network = new ClusterNetwork(
                pods, List.of(Cidr.parse("10.96.0.0/12")), List.of(), List.of(), List.of(), "cluster.local", List.of());
        return new ProxySpec(
                "bench",
                namespace,
                "",
                Forwarding.on(new NodePortAddresses.Fixed(List.of(IpAddress.parse("192.0.2.1")))),
                pods,
                network,
                List.of(),
                false);
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    @Override
    public void close() {
        proxy.close();
        known.close();
        namespace.delete();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("delete " + folder, e);
        }
    }
}
