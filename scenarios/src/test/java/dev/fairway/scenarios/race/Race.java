package dev.fairway.scenarios.race;

import dev.fairway.scenarios.race.Operation.Outcome;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.node.ObjectNode;

/// Clients that create, retype, read and delete Services at once, through all servers of one store, while others watch.
/// A few names are everybody's; some ask for ports that others have. Servers may die and come back meanwhile.
///
/// @param servers base addresses, `https://127.0.0.1:6443`
/// @param http a client that the servers admit as administrator
/// @param clients how many at once
/// @param services how many are created in all
/// @param seed of all choices
record Race(List<URI> servers, HttpClient http, int clients, int services, long seed) {

    private static final String SERVICES_PATH = "/api/v1/services";
    private static final String ADDRESSES_PATH = "/apis/networking.k8s.io/v1/ipaddresses";
    private static final List<String> TYPES = List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
    private static final int ALIVE_EACH = 10;
    private static final int COMMON_NAMES = 16;
    private static final int WATCHERS = 8;
    private static final long SETTLE_SECONDS = 120;

    /// @param takenPorts node ports that nobody could have again when all Services were gone
    record Result(History history, Set<Integer> takenPorts) {

        /// What was found, a leaked port among it.
        List<Fault> faults() {
            List<Fault> out = new ArrayList<>(Checker.check(history));
            takenPorts.forEach(port -> out.add(new Fault(Fault.Rule.LEAK, "node port " + port + " stays taken")));
            return out;
        }
    }

    Race {
        servers = List.copyOf(servers);
    }

    /// Creates Services that stand all the time.
    void stand(int count) throws Exception {
        AtomicInteger left = new AtomicInteger(count);
        Queue<Operation> log = new ConcurrentLinkedQueue<>();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                Caller caller = new Caller(i, servers, http, log);
                running.add(threads.submit(() -> {
                    for (int number = left.getAndDecrement(); number > 0; number = left.getAndDecrement()) {
                        ObjectNode spec = Json.object().put("ipFamilyPolicy", "PreferDualStack");
                        Tree.makeArray(spec, "ports").addObject().put("port", 80);
                        caller.create("standing-" + number, spec);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        long done = log.stream().filter(each -> each.outcome() == Outcome.DONE).count();
        if (done != count) {
            throw new IllegalStateException(done + " of " + count + " Services were created");
        }
    }

    Result run() throws Exception {
        return run(List.of());
    }

    /// @param incidents in the order of their shares
    Result run(List<Incident> incidents) throws Exception {
        Listed services = list(SERVICES_PATH);
        Listed addresses = list(ADDRESSES_PATH);
        Queue<Operation> log = new ConcurrentLinkedQueue<>();
        Map<Seen, Seen> known = new ConcurrentHashMap<>();
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            boolean ofServices = i % 4 != 3;
            String path = ofServices ? SERVICES_PATH : ADDRESSES_PATH;
            long after = ofServices ? services.revision : addresses.revision;
            followers.add(follower("watch " + i + " of " + path, path, after, known));
        }
        try {
            // later one more watcher begins where the first ones were a while before
            AtomicLong begin = new AtomicLong();
            Incident mark = new Incident(0.45, () -> {
                begin.set(followers.getFirst().newest());
                return null;
            });
            Incident late =
                    new Incident(0.5, () -> followers.add(follower("late watch", SERVICES_PATH, begin.get(), known)));
            List<Incident> all = new ArrayList<>(incidents);
            all.add(mark);
            all.add(late);
            all.sort(Comparator.comparingDouble(Incident::share));
            load(log, all);
            long end = end(log);
            List<WatchStream> streams = new ArrayList<>();
            for (Follower follower : followers) {
                streams.add(follower.upTo(end, SETTLE_SECONDS));
            }
            List<Seen> initial = new ArrayList<>(services.events);
            initial.addAll(addresses.events);
            History history = new History(initial, streams, List.copyOf(log));
            return new Result(history, takenPorts(history));
        } finally {
            followers.forEach(Follower::close);
        }
    }

    private Follower follower(String name, String path, long after, Map<Seen, Seen> known) {
        return Follower.start(name, path, after, servers, http, known);
    }

    private record Listed(List<Seen> events, long revision) {
        Listed {
            events = List.copyOf(events);
        }
    }

    private Listed list(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(servers.getFirst().resolve(path)).build();
        ObjectNode list = Json.parse(http.send(request, BodyHandlers.ofString()).body());
        String collection = path.substring(path.lastIndexOf('/') + 1);
        List<Seen> events = Tree.objects(list, "items").stream()
                .map(object -> Observed.event(collection, Seen.Type.ADDED, object))
                .toList();
        return new Listed(events, Long.parseLong(Meta.resourceVersion(list)));
    }

    private void load(Queue<Operation> log, List<Incident> incidents) throws Exception {
        AtomicInteger left = new AtomicInteger(services);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                Caller caller = new Caller(i, servers, http, log);
                Random random = new Random(seed + i);
                int number = i;
                running.add(threads.submit(() -> {
                    client(caller, number, random, left);
                    return null;
                }));
            }
            for (Incident incident : incidents) {
                while (left.get() > services * (1 - incident.share())
                        && running.stream().noneMatch(Future::isDone)) {
                    Thread.sleep(5);
                }
                incident.happening().call();
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
    }

    private void client(Caller caller, int number, Random random, AtomicInteger left) throws InterruptedException {
        Deque<String> own = new ArrayDeque<>();
        for (int round = 0; left.getAndDecrement() > 0; round++) {
            boolean common = random.nextInt(8) == 0;
            String name = common ? "common-" + random.nextInt(COMMON_NAMES) : "own-" + number + "-" + round;
            caller.create(name, spec(random));
            caller.update(name, retyped(random, round));
            caller.read(name);
            if (common) {
                if (random.nextBoolean()) {
                    caller.delete(name);
                }
            } else {
                own.add(name);
            }
            if (own.size() > ALIVE_EACH) {
                goAway(caller, own.remove());
            }
        }
        while (!own.isEmpty()) {
            goAway(caller, own.remove());
        }
    }

    /// Until an answer says that it is gone: a server that dies may leave the question open, and one without its store
    /// refuses.
    private static void goAway(Caller caller, String name) throws InterruptedException {
        Outcome outcome = caller.delete(name);
        while (outcome != Outcome.DONE && outcome != Outcome.ABSENT) {
            Thread.sleep(50);
            outcome = caller.delete(name);
        }
    }

    private static ObjectNode spec(Random random) {
        ObjectNode spec = Json.object();
        String type = TYPES.get(random.nextInt(TYPES.size()));
        spec.put("type", type);
        if (type.equals("ExternalName")) {
            return spec.put("externalName", "a.example");
        }
        spec.put("ipFamilyPolicy", random.nextBoolean() ? "PreferDualStack" : "SingleStack");
        ObjectNode port = Tree.makeArray(spec, "ports").addObject().put("port", 80);
        boolean reachable = !type.equals("ClusterIP");
        if (reachable && random.nextInt(4) == 0) {
            port.put("nodePort", 30_000 + random.nextInt(40));
        }
        if (type.equals("LoadBalancer") && random.nextBoolean()) {
            spec.put("externalTrafficPolicy", "Local");
        }
        return spec;
    }

    private static ObjectNode retyped(Random random, int round) {
        ObjectNode change = Json.object();
        Tree.makeObject(change, "metadata", "annotations").put("round", round + "-" + random.nextInt());
        ObjectNode spec = Tree.makeObject(change, "spec");
        String type = TYPES.get(random.nextInt(TYPES.size()));
        spec.put("type", type);
        if (type.equals("ExternalName")) {
            spec.put("externalName", "b.example");
        } else {
            spec.putNull("externalName");
            Tree.makeArray(spec, "ports").addObject().put("port", 80);
        }
        return change;
    }

    /// Deletes what is left and writes a last Service, whose revision ends the streams.
    private long end(Queue<Operation> log) throws IOException, InterruptedException {
        Caller caller = new Caller(clients, servers, http, log);
        for (int i = 0; i < COMMON_NAMES; i++) {
            goAway(caller, "common-" + i);
        }
        ObjectNode spec = Json.object();
        Tree.makeArray(spec, "ports").addObject().put("port", 80);
        while (caller.create("race-end", spec) == Outcome.UNKNOWN) {
            Thread.sleep(50);
        }
        long revision = list(ADDRESSES_PATH).events.stream()
                .filter(event -> event.owner().equals("services/default/race-end"))
                .mapToLong(Seen::revision)
                .findFirst()
                .orElseThrow();
        // not logged: no stream shows it
        goAway(new Caller(clients, servers, http, new ConcurrentLinkedQueue<>()), "race-end");
        return revision;
    }

    /// Asks for every port that was ever held, without taking it.
    private Set<Integer> takenPorts(History history) throws IOException, InterruptedException {
        Set<Integer> ports = new TreeSet<>();
        history.streams()
                .forEach(stream -> stream.events()
                        .forEach(event -> event.holds().stream()
                                .filter(held -> held.startsWith("port/"))
                                .forEach(held -> ports.add(Integer.parseInt(held.substring("port/".length()))))));
        Caller caller = new Caller(clients, servers, http, new ConcurrentLinkedQueue<>());
        Set<Integer> taken = new TreeSet<>();
        for (int port : ports) {
            ObjectNode service = Json.object();
            Tree.makeObject(service, "metadata").put("name", "asks");
            ObjectNode spec = Tree.makeObject(service, "spec").put("type", "NodePort");
            Tree.makeArray(spec, "ports").addObject().put("port", 80).put("nodePort", port);
            if (caller.dryCreate(service) != 201) {
                taken.add(port);
            }
        }
        return taken;
    }
}
