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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The whole part of a node that forwards and resolves, as `fairway node` has it: from the objects that an API tells to
/// the rules in the kernel, and the memory of the process.
public final class AgentBench {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CHANGES = 300;
    /// A change meets an agent at rest.
    private static final long REST_MILLIS = 20;
    private static final Report REPORT = new Report(System.out);

    private AgentBench() {}

    public static void main(String[] args) throws Exception {
        REPORT.say("machine: %d processors, load %s", Runtime.getRuntime().availableProcessors(), Proc.load());
        run(300, 10, false); // it compiles
        String[] size = (args.length == 0 || args[0].isEmpty() ? "10000x10" : args[0]).split("x");
        run(Integer.parseInt(size[0]), Integer.parseInt(size[1]), true);
    }

    private static void run(int services, int endpoints, boolean counts) throws Exception {
        Path folder = Files.createTempDirectory("agent-bench");
        NetworkNamespace namespace = NetworkNamespace.create("fwa-" + ProcessHandle.current().pid());
        GeneratedApi api = new GeneratedApi(services, endpoints);
        try (LastKnownApi known = LastKnownApi.open(api, folder)) {
            long start = System.nanoTime();
            try (NodeProxy proxy = NodeProxy.start(spec(namespace), known, Clock.systemUTC())) {
                if (!proxy.awaitReady(PATIENCE)) {
                    throw new IllegalStateException("not ready: " + proxy.realized());
                }
                double cold = millis(start);
                System.gc(); // as the process does it
                long after = rss();
                List<Double> changes = new ArrayList<>();
                for (int change = 1; change <= CHANGES; change++) {
                    Thread.sleep(REST_MILLIS);
                    changes.add(change(api, proxy, change));
                }
                changes.sort(null);
                if (counts) {
                    REPORT.say(
                            "%d x %d: ready after %.0f ms; one endpoint changed: p50 %.2f ms, p99 %.2f ms; resident %d MB"
                                    + " when ready, %d MB in the end",
                            services, endpoints, cold, changes.get(CHANGES / 2), changes.get(CHANGES * 99 / 100),
                            after, rss());
                }
            }
        } finally {
            namespace.delete();
            delete(folder);
        }
    }

    private static double change(GeneratedApi api, NodeProxy proxy, int number) {
        long before = proxy.realized().revision();
        long start = System.nanoTime();
        api.change(number);
        while (proxy.realized().revision() == before) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("change " + number + " is not in force");
            }
            Thread.onSpinWait();
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

    private static long rss() throws IOException {
        return Proc.rssMegabytes(ProcessHandle.current().pid());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
