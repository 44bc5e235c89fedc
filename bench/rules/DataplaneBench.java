package dev.fairway.bench;

import dev.fairway.app.server.SettledHeap;
import dev.fairway.dataplane.Dataplane;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cold start and one changed endpoint: ours, and the nft command with the same layout and with a chain for each
/// Service and endpoint. Every figure of one size is taken in the same run on the same kernel.
public final class DataplaneBench {

    /// With so many endpoints of each Service the peers are measured, too.
    private static final int PEERS_ENDPOINTS = 10;
    private static final List<String> USUAL = List.of("1000x10", "5000x10", "10000x10", "50000x2", "5000x50");
    private static final int CHANGES = 1_000;
    private static final int BASELINE_CHANGES = 5;
    private static final long PATIENCE_MILLIS = 600_000;

    private static final Report REPORT = new Report(System.out);

    private DataplaneBench() {}

    public static void main(String[] args) throws Exception {
        List<String> given = Arrays.stream(args).filter(arg -> !arg.isEmpty()).toList();
        int chainsMax = Integer.getInteger("bench.chainsMax", 10_000);
        REPORT.say(
                "machine: %d processors, load %s, kernel %s, %s",
                Runtime.getRuntime().availableProcessors(),
                Proc.load(),
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                Nft.version());
        warmUp();
        for (String size : given.isEmpty() ? USUAL : given) {
            compare(Size.parse(size), chainsMax);
        }
    }

    /// @param endpoints of each Service
    private record Size(int services, int endpoints) {

        static Size parse(String text) {
            String[] words = text.split("x");
            return new Size(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
        }

        @Override
        public String toString() {
            return services + " x " + endpoints;
        }
    }

    private static void compare(Size size, int chainsMax) throws Exception {
        Figures ours = ours(size);
        if (size.endpoints() != PEERS_ENDPOINTS) {
            return;
        }
        Figures same = nft(size, "the same layout by nft", sameLayout(size));
        REPORT.say("%s: ours is %.1f times as fast cold, %.0f times for a change, as nft with the same layout", size,
                same.coldMillis / ours.coldMillis, same.changeMillis / ours.changeMillis);
        if (size.services() <= chainsMax) {
            Figures chains = nft(size, "a chain for each endpoint by nft", chains(size));
            REPORT.say("%s: ours is %.1f times as fast cold, %.0f times for a change, as a chain for each endpoint",
                    size, chains.coldMillis / ours.coldMillis, chains.changeMillis / ours.changeMillis);
        }
    }

    private record Figures(double coldMillis, double changeMillis) {}

    /// A first run compiles; it is not counted.
    private static void warmUp() throws Exception {
        try (Place place = new Place()) {
            TableFeed feed = new TableFeed();
            try (Dataplane dataplane = Dataplane.start(place.namespace(), Cluster.NODE, feed)) {
                for (int revision = 1; revision <= 30; revision++) {
                    publish(feed, dataplane, Cluster.table(revision, 300, PEERS_ENDPOINTS, revision));
                }
            }
        }
    }

    private static Figures ours(Size size) throws Exception {
        try (Place place = new Place()) {
            TableFeed feed = new TableFeed();
            ServiceTable table = Cluster.table(1, size.services(), size.endpoints(), 0);
            try (Dataplane dataplane = Dataplane.start(place.namespace(), Cluster.NODE, feed)) {
                double cold = publish(feed, dataplane, table);
                SettledHeap.settle(); // as the process does it
                List<Double> changes = new ArrayList<>();
                for (int change = 1; change <= CHANGES; change++) {
                    table = Cluster.withOneChanged(table, change, size.services(), size.endpoints());
                    changes.add(publish(feed, dataplane, table));
                }
                changes.sort(null);
                double median = changes.get(CHANGES / 2);
                REPORT.say("%s: ours: cold %.0f ms; one endpoint changed: p50 %.2f ms, p99 %.2f ms; resident %d MB",
                        size, cold, median, changes.get(CHANGES * 99 / 100),
                        Proc.rssMegabytes(ProcessHandle.current().pid()));
                return new Figures(cold, median);
            }
        }
    }

    private static double publish(TableFeed feed, Dataplane dataplane, ServiceTable table) throws Exception {
        long start = System.nanoTime();
        feed.publish(table);
        if (!dataplane.awaitRealized(table.revision(), PATIENCE_MILLIS)) {
            throw new IllegalStateException("not in force: " + dataplane.realized());
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static Nft.Load sameLayout(Size size) {
        List<String> changes = new ArrayList<>();
        for (int change = 1; change <= BASELINE_CHANGES; change++) {
            changes.add(SharedLayout.change(change, size.endpoints()));
        }
        return new Nft.Load(SharedLayout.all(size.services(), size.endpoints()), changes);
    }

    private static Nft.Load chains(Size size) {
        List<String> changes = new ArrayList<>();
        for (int change = 1; change <= BASELINE_CHANGES; change++) {
            changes.add(ChainLayout.change(change, size.endpoints()));
        }
        return new Nft.Load(ChainLayout.all(size.services(), size.endpoints()), changes);
    }

    private static Figures nft(Size size, String name, Nft.Load load) throws Exception {
        try (Place place = new Place()) {
            double cold = 0;
            for (String batch : load.cold()) {
                cold += Nft.millis(place.namespace(), batch);
            }
            List<Double> changes = new ArrayList<>();
            for (String change : load.changes()) {
                changes.add(Nft.millis(place.namespace(), change));
            }
            changes.sort(null);
            double median = changes.get(BASELINE_CHANGES / 2);
            REPORT.say("%s: %s: cold %.0f ms in %d batches; one endpoint changed: p50 %.1f ms", size, name,
                    cold, load.cold().size(), median);
            return new Figures(cold, median);
        }
    }

    /// A namespace that ends with the measurement.
    private record Place(NetworkNamespace namespace) implements AutoCloseable {

        Place() {
            this(NetworkNamespace.create("fwb-" + ProcessHandle.current().pid()));
        }

        @Override
        public void close() {
            namespace.delete();
        }
    }
}
