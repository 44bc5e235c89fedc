package dev.fairway.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// What the API server costs: creations, reads, lists, watches and memory, client and server on the same machine, and
/// etcd under the same load beside it.
///
/// Words on the command line choose what to measure: `create`, `read`, `list`, `watch`, `etcd`; none is all.
public final class ApiBench {

    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String ALL = "/api/v1/services";
    private static final int FEW = 5_000;
    private static final int MANY = 20_000;
    private static final int LOADERS = 32;
    private static final List<Integer> CLIENTS = List.of(1, 8, 32);
    private static final int WARM_EVENTS = 60;
    private static final int EVENTS = 300;
    private static final int WARM_ROUNDS_MIN = 6;
    private static final int WARM_ROUNDS_MAX = 10;

    private final ServerProcess server;
    private final Vertx vertx;
    private final Report report;
    private final List<String> chosen;
    private int serial;
    private int kept;

    private ApiBench(ServerProcess server, Vertx vertx, Report report, List<String> chosen) {
        this.server = server;
        this.vertx = vertx;
        this.report = report;
        this.chosen = chosen;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("fairway-bench-");
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        List<String> jvm = Stream.of(System.getProperty("bench.server", "").split(" "))
                .filter(option -> !option.isEmpty())
                .toList();
        try (ServerProcess server = ServerProcess.start(folder.resolve("server"), jvm)) {
            Report report = new Report(System.out);
            report.say("%s, %d processors, Java %s, load %s", Proc.processor(), processors(), version(), Proc.load());
            new ApiBench(server, vertx, report, List.of(args)).run(folder);
        } finally {
            vertx.close();
            delete(folder);
        }
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static String version() {
        return Runtime.version().toString();
    }

    private void run(Path folder) throws Exception {
        List<Load> created = server();
        if (measure("etcd")) {
            EtcdPeer.measure(vertx, report, folder.resolve("etcd"), CLIENTS)
                    .ifPresent(peer -> compare("rate with none there / of etcd's puts", created, peer));
        }
        report.say("load %s", Proc.load());
    }

    /// Returns the creations where nothing was; empty when they are not measured.
    private List<Load> server() throws Exception {
        try (Api loader = api(LOADERS)) {
            loader.createNamespace().await();
            report.say("idle: %d MB resident", server.rssMegabytes());
            warmUp(loader);
            List<Load> empty = measure("create") ? creations("nothing there") : List.of();
            fill(loader, FEW);
            if (measure("read")) {
                reads();
            }
            if (measure("list")) {
                lists();
            }
            if (measure("watch")) {
                watches();
            }
            if (measure("create")) {
                fill(loader, MANY);
                compare("rate with " + MANY + " there / with none", creations(MANY + " Services there"), empty);
            }
            return empty;
        }
    }

    /// @param own and `peer` for the same numbers of clients; `own` may be empty
    private void compare(String what, List<Load> own, List<Load> peer) {
        for (int i = 0; i < own.size(); i++) {
            report.ratio("create, %d clients, %s".formatted(CLIENTS.get(i), what), own.get(i), peer.get(i));
        }
    }

    private boolean measure(String what) {
        return chosen.isEmpty() || chosen.contains(what);
    }

    private Api api(int connections) throws IOException {
        return new Api(vertx, server, HttpVersion.HTTP_1_1, connections);
    }

    /// Until the compilers of both JVMs have little left to do: a server that runs for long is measured, not its first
    /// minute.
    private void warmUp(Api api) throws Exception {
        double best = 0;
        for (int round = 1; round <= WARM_ROUNDS_MAX; round++) {
            double rate = churn(api, LOADERS, 5_000).perSecond();
            Load.run(LOADERS, 3_000, i -> api.get("/api/v1/namespaces/bench", JSON));
            Load.run(4, 200, i -> api.get(ALL, i % 2 == 0 ? JSON : PROTOBUF));
            if (round >= WARM_ROUNDS_MIN && rate < best * 1.1) {
                report.say("warm after %d rounds, load %s", round, Proc.load());
                return;
            }
            best = Math.max(best, rate);
        }
    }

    /// Creates and deletes again; the measure is of the creations.
    private Load churn(Api api, int clients, int count) throws InterruptedException {
        int first = serial;
        serial += count;
        Load created = Load.run(clients, count, i -> api.createService("web-" + (first + i)));
        Load.run(LOADERS, count, i -> api.deleteService("web-" + (first + i)));
        return created;
    }

    private void fill(Api api, int wanted) throws Exception {
        int from = kept;
        Load.run(LOADERS, wanted - from, i -> api.createService("kept-" + (from + i)));
        kept = wanted;
        report.say("%d Services: %d MB resident", wanted, server.rssMegabytes());
    }

    private List<Load> creations(String when) throws Exception {
        List<Load> loads = new ArrayList<>();
        for (int count : CLIENTS) {
            try (Api api = api(count)) {
                long cpu = server.cpuMillis();
                int requests = count == 1 ? 2_000 : 10_000;
                Load load = churn(api, count, requests);
                loads.add(load);
                report.say("create, %s: %d clients %s, server %d ms of processor in all", when, count, load,
                        server.cpuMillis() - cpu);
            }
        }
        return loads;
    }

    private void reads() throws Exception {
        for (int clients : List.of(1, 16)) {
            try (Api api = api(clients)) {
                int requests = clients == 1 ? 5_000 : 60_000;
                IntFunction<Future<?>> get =
                        i -> api.get("/api/v1/namespaces/bench/services/kept-" + i % FEW, JSON);
                Load.run(clients, requests / 4, get);
                long cpu = server.cpuMillis();
                Load load = Load.run(clients, requests, get);
                double each = (server.cpuMillis() - cpu) * 1000.0 / requests;
                report.say("GET, JSON: %d clients %s, server %.0f us of processor each", clients, load, each);
            }
        }
    }

    private void lists() throws Exception {
        try (Api api = api(1)) {
            list(api, "JSON", ALL, JSON);
            list(api, "protobuf", ALL, PROTOBUF);
            list(api, "JSON, a page of 500", ALL + "?limit=500", JSON);
            list(api, "Table", ALL, "application/json;as=Table;v=v1;g=meta.k8s.io");
            list(api, "JSON, one of them by its label", ALL + "?labelSelector=app%3Dkept-77", JSON);
        }
    }

    private void list(Api api, String what, String path, String accept) throws Exception {
        Load.run(1, 20, i -> api.get(path, accept));
        long cpu = server.cpuMillis();
        int bytes = api.get(path, accept).await().length();
        Load load = Load.run(1, 60, i -> api.get(path, accept));
        report.say("LIST of %d, %s (%.1f MB): %s, server %.1f ms of processor each", FEW, what, bytes / 1e6, load,
                (server.cpuMillis() - cpu) / 61.0);
    }

    private void watches() throws Exception {
        for (int watchers : List.of(10, 100, 1_000)) {
            try (Api api = api(watchers); Api writer = api(1)) {
                Crowd crowd = Crowd.open(api, watchers, JSON);
                crowd.watch(writer, WARM_EVENTS, 50);
                long cpu = server.cpuMillis();
                Crowd.Latency latency = crowd.watch(writer, EVENTS, 100);
                double each = (server.cpuMillis() - cpu) * 1000.0 / latency.events();
                report.say("%d watchers: acknowledgement to event p50 %.1f ms, p99 %.1f ms, server %.0f us of processor for "
                        + "each of %d events; %d MB resident", watchers, latency.p50Millis(), latency.p99Millis(), each,
                        latency.events(), server.rssMegabytes());
                Load.run(LOADERS, WARM_EVENTS + EVENTS, i -> writer.deleteService("watched-" + i));
            }
        }
        report.say("after the watchers left: %d MB resident", server.rssMegabytes());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
