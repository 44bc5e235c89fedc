package dev.fairway.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
    private static final int WARM_ROUNDS_MIN = 4;
    private static final int WARM_ROUNDS_MAX = 10;

    private final ServerProcess server;
    private final Vertx vertx;
    private final List<String> chosen;
    private int serial;
    private int kept;

    private ApiBench(ServerProcess server, Vertx vertx, List<String> chosen) {
        this.server = server;
        this.vertx = vertx;
        this.chosen = chosen;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("fairway-bench-");
        Vertx vertx = Vertx.vertx();
        List<String> jvm = Stream.of(System.getProperty("bench.server", "").split(" "))
                .filter(option -> !option.isEmpty())
                .toList();
        try (ServerProcess server = ServerProcess.start(folder.resolve("server"), jvm)) {
            say("%s, %d processors, Java %s, load %s", Proc.processor(), processors(), version(), Proc.load());
            new ApiBench(server, vertx, List.of(args)).run(folder);
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
        try (Api loader = api(LOADERS)) {
            loader.createNamespace().await();
            say("idle: %d MB resident", server.rssMegabytes());
            warmUp(loader);
            List<Load> empty = measure("create") ? creations("nothing there") : List.of();
            fill(loader, FEW);
            say("%d Services: %d MB resident", FEW, server.rssMegabytes());
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
                say("%d Services: %d MB resident", MANY, server.rssMegabytes());
                List<Load> full = creations(MANY + " Services there");
                for (int i = 0; i < full.size(); i++) {
                    double ratio = full.get(i).perSecond() / empty.get(i).perSecond();
                    say("create, %d clients: rate with %d there / rate with none = %.2f", CLIENTS.get(i), MANY, ratio);
                }
            }
        }
        if (measure("etcd")) {
            EtcdPeer.measure(vertx, folder.resolve("etcd"));
        }
        say("load %s", Proc.load());
    }

    private boolean measure(String what) {
        return chosen.isEmpty() || chosen.contains(what);
    }

    private Api api(int connections) throws IOException {
        return new Api(vertx, server, HttpVersion.HTTP_1_1, connections);
    }

    private static void say(String format, Object... values) {
        System.out.printf(format + "%n", values);
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
                say("warm after %d rounds, load %s", round, Proc.load());
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

    private void fill(Api api, int wanted) throws InterruptedException {
        int from = kept;
        Load.run(LOADERS, wanted - from, i -> api.createService("kept-" + (from + i)));
        kept = wanted;
    }

    private List<Load> creations(String when) throws Exception {
        List<Load> loads = new ArrayList<>();
        for (int count : CLIENTS) {
            try (Api api = api(count)) {
                long cpu = server.cpuMillis();
                int requests = count == 1 ? 2_000 : 10_000;
                Load load = churn(api, count, requests);
                loads.add(load);
                say("create, %s: %d clients %s, server %d ms of processor in all", when, count, text(load),
                        server.cpuMillis() - cpu);
            }
        }
        return loads;
    }

    private static String text(Load load) {
        return "%.0f/s, p50 %.2f ms, p99 %.2f ms".formatted(load.perSecond(), load.p50Millis(), load.p99Millis());
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
                say("GET, JSON: %d clients %s, server %.0f us of processor each", clients, text(load), each);
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
        say("LIST of %d, %s (%.1f MB): %s, server %.1f ms of processor each", FEW, what, bytes / 1e6, text(load),
                (server.cpuMillis() - cpu) / 61.0);
    }

    private void watches() throws Exception {
        for (int watchers : List.of(10, 100, 1_000)) {
            try (Api api = api(watchers); Api writer = api(1)) {
                Crowd crowd = Crowd.open(api, watchers, JSON);
                crowd.watch(writer, 20, 50); // warms up
                long cpu = server.cpuMillis();
                Crowd.Latency latency = crowd.watch(writer, 50, 100);
                double each = (server.cpuMillis() - cpu) * 1000.0 / latency.events();
                say("%d watchers: acknowledgement to event p50 %.1f ms, p99 %.1f ms, server %.0f us of processor for "
                        + "each of %d events; %d MB resident", watchers, latency.p50Millis(), latency.p99Millis(), each,
                        latency.events(), server.rssMegabytes());
                Load.run(LOADERS, 70, i -> writer.deleteService("watched-" + i));
            }
        }
        say("after the watchers left: %d MB resident", server.rssMegabytes());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
