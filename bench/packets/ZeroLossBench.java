package dev.fairway.bench;

import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.Dataplane;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/// TCP connections, kept and new, while endpoints are replaced, the data plane restarts, all pods are updated, and
/// other Services arrive.
public final class ZeroLossBench {

    private static final int KEPT = 100;
    private static final int NEW_PER_SECOND = 200;
    private static final int ENDPOINTS = 10;
    /// Endpoints that are there until all are updated.
    private static final int STAY = 5;
    private static final long CHANGE_MILLIS = 40;
    /// So many connections come while the data plane is away.
    private static final int CONNECTIONS_ALONE = 20;
    private static final int ARRIVE_TOGETHER = 100;
    /// So long an endpoint lives that was removed.
    private static final long LINGER_MILLIS = 2_000;
    private static final long PATIENCE_MILLIS = 60_000;

    private static final Report REPORT = new Report(System.out);

    private final Outcome outcome = new Outcome(REPORT);
    private final Random random = new Random(1);
    private final Map<Integer, TcpEndpoint> all = new ConcurrentHashMap<>();
    private final List<TcpEndpoint> living = new ArrayList<>();
    private final Deque<TcpEndpoint> removed = new ArrayDeque<>();
    private final TableFeed feed = new TableFeed();
    private final PacketNetwork network;
    private final TcpClients clients;
    private Dataplane dataplane;
    private ServiceTable table = ServiceTable.of(1, List.of(), List.of("bench"));

    private ZeroLossBench(PacketNetwork network) {
        this.network = network;
        this.clients = new TcpClients(
                network, outcome, number -> Objects.requireNonNull(all.get(number), () -> "endpoint " + number));
        this.dataplane = startDataplane();
    }

    public static void main(String[] args) throws Exception {
        List<String> given = Arrays.stream(args).filter(arg -> !arg.isEmpty()).toList();
        ZeroLossBench bench = new ZeroLossBench(PacketNetwork.create("tcp"));
        System.exit(bench.run(
                number(given, 0, 1_000), number(given, 1, 50), number(given, 2, 5), number(given, 3, 10_000)));
    }

    private static int number(List<String> given, int at, int usual) {
        return given.size() > at ? Integer.parseInt(given.get(at)) : usual;
    }

    private Dataplane startDataplane() {
        return Dataplane.start(network.node(), PacketNetwork.NODE, feed);
    }

    private int run(int changes, int restarts, int updates, int services) throws Exception {
        for (int number = 1; number <= ENDPOINTS; number++) {
            add();
        }
        publish();
        awaitInForce();
        clients.startKept(KEPT);
        clients.startNew(NEW_PER_SECOND);
        awaitConnections(NEW_PER_SECOND);
        tell("nothing changes");
        replace(changes);
        tell("(a) %,d endpoints replaced".formatted(changes));
        restart(restarts);
        tell("(b) %,d restarts of the data plane".formatted(restarts));
        update(updates);
        tell("(c) %,d rolling updates of all pods".formatted(updates));
        arrive(services);
        tell("(d) %,d other Services arrived".formatted(services));
        return outcome.end("no connection to an endpoint that lives failed, and none came to one that was removed");
    }

    private void tell(String what) throws IOException {
        TcpClients.Counts counts = clients.countsThenReset();
        REPORT.say("%s: %,d new connections, the slowest after %d ms; %,d echoes on %d kept ones, the slowest after"
                        + " %d ms, %,d ended with their endpoint; %,d packets sent again; %d faults in all",
                what, counts.connected(), counts.slowestConnectMillis(), counts.echoed(), KEPT,
                counts.slowestEchoMillis(), counts.ended(), counts.sentAgain(), outcome.faults());
    }

    private void replace(int changes) throws Exception {
        for (int change = 0; change < changes; change++) {
            TcpEndpoint leaves = exchangeOne();
            publish();
            awaitInForce();
            retire(leaves);
            Thread.sleep(CHANGE_MILLIS);
        }
    }

    private void restart(int restarts) throws Exception {
        for (int restart = 0; restart < restarts; restart++) {
            dataplane.close();
            awaitConnections(CONNECTIONS_ALONE);
            TcpEndpoint leaves = exchangeOne();
            publish();
            dataplane = startDataplane();
            awaitInForce();
            retire(leaves);
        }
    }

    /// As a Deployment does it: a new pod is there before an old one leaves, until all are new.
    private void update(int updates) throws Exception {
        for (int pod = 0; pod < updates * ENDPOINTS; pod++) {
            add();
            publish();
            awaitInForce();
            TcpEndpoint leaves = living.removeFirst();
            publish();
            awaitInForce();
            retire(leaves);
            Thread.sleep(CHANGE_MILLIS);
        }
    }

    private void arrive(int services) throws Exception {
        List<ServiceEntry> others = List.copyOf(Cluster.table(1, services, 2, 0).services().values());
        for (int from = 0; from < services; from += ARRIVE_TOGETHER) {
            Map<ServiceName, Optional<ServiceEntry>> arriving = new HashMap<>();
            others.subList(from, Math.min(services, from + ARRIVE_TOGETHER))
                    .forEach(entry -> arriving.put(entry.service(), Optional.of(entry)));
            table = new ServiceTable(table.revision(), table.services().withAll(arriving), table.namespaces());
            TcpEndpoint leaves = exchangeOne();
            publish();
            awaitInForce();
            retire(leaves);
        }
    }

    private void awaitConnections(int more) throws InterruptedException {
        long wanted = clients.connected() + more;
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (clients.connected() < wanted && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        outcome.claim(clients.connected() >= wanted, "%d connections more did not come", more);
    }

    private void add() throws IOException {
        TcpEndpoint endpoint = TcpEndpoint.open(network, all.size() + 1);
        all.put(endpoint.number(), endpoint);
        living.add(endpoint);
    }

    /// @return who is to be out of the rules
    private TcpEndpoint exchangeOne() throws IOException {
        TcpEndpoint leaves = living.remove(STAY + random.nextInt(living.size() - STAY));
        add();
        return leaves;
    }

    private void publish() {
        List<IpAddress> addresses = living.stream().map(TcpEndpoint::address).toList();
        table = new ServiceTable(
                table.revision() + 1,
                table.services().with(ServiceUnderTest.NAME, ServiceUnderTest.entry(Protocol.TCP, addresses)),
                table.namespaces());
        feed.publish(table);
    }

    private void awaitInForce() throws InterruptedException {
        boolean inForce = dataplane.awaitRealized(table.revision(), PATIENCE_MILLIS);
        outcome.claim(inForce, "table %d is not in force: %s", table.revision(), dataplane.realized());
    }

    /// Who is out of the rules keeps its connections for a while, and then ends.
    private void retire(TcpEndpoint leaves) throws IOException {
        leaves.removed();
        removed.add(leaves);
        while (!removed.isEmpty() && removed.getFirst().removedForMillis() > LINGER_MILLIS) {
            removed.removeFirst().close();
        }
    }
}
