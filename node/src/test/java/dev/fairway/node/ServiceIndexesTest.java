package dev.fairway.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.ListeningSocket;
import dev.fairway.kernel.ListeningSocket.Transport;
import dev.fairway.node.HealthIndex.At;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.Frontend;
import dev.fairway.table.NameEntry;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.SessionAffinity;
import dev.fairway.table.TrafficPolicy;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a node finds by port: who has a node port, and who is asked for at a health check port.
class ServiceIndexesTest {

    private static final List<IpAddress> NODE = List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void anyChainOfTablesEndsWhereAFreshStartBegins(long seed) {
        Random random = new Random(seed);
        Map<String, ServiceEntry> entries = new TreeMap<>();
        NodePortIndex nodePorts = NodePortIndex.EMPTY;
        HealthIndex health = HealthIndex.EMPTY;
        for (int step = 1; step <= 200; step++) {
            String name = "s" + random.nextInt(6);
            entries.remove(name);
            if (random.nextInt(4) > 0) {
                entries.put(name, service(name, 30_000 + random.nextInt(4), 32_000 + random.nextInt(4), "here"));
            }
            ServiceTable table = table(step, entries.values());
            List<IpAddress> addresses = NODE.subList(0, 1 + random.nextInt(2));
            nodePorts = nodePorts.next(table);
            health = health.next(table, addresses);

            assertThat(nodePorts).as("seed %d, step %d", seed, step).isEqualTo(NodePortIndex.EMPTY.next(table));
            assertThat(health).as("seed %d, step %d", seed, step).isEqualTo(HealthIndex.EMPTY.next(table, addresses));
        }
    }

    /// Work is counted, not timed.
    @ParameterizedTest
    @ValueSource(ints = {1_000, 20_000})
    void aChangeSharesAllButItsOwnPath(int services) {
        List<ServiceEntry> entries = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            entries.add(service("s" + i, 1_000 + i, 30_000 + i, "here"));
        }
        ServiceTable table = table(1, entries);
        ServiceEntry moved = service("s777", 65_000, 65_001, "away");
        ServiceTable next = new ServiceTable(2, table.services().with(moved.service(), moved), table.namespaces());
        NodePortIndex nodePorts = NodePortIndex.EMPTY.next(table);
        HealthIndex health = HealthIndex.EMPTY.next(table, NODE);

        assertThat(cost(
                        nodePorts.services().sets(),
                        nodePorts.next(next).services().sets()))
                .isLessThan(200);
        assertThat(cost(health.wanted().sets(), health.next(next, NODE).wanted().sets()))
                .isLessThan(200);
        assertThat(nodePorts.next(table).services()).isSameAs(nodePorts.services());
        assertThat(health.next(table, NODE).wanted()).isSameAs(health.wanted());
    }

    private static <K extends Comparable<? super K>, V> int cost(PersistentMap<K, V> from, PersistentMap<K, V> to) {
        return from.differences(to, Object::equals, (_, _, _) -> {});
    }

    @Test
    void theFirstOfTwoIsAskedForAtAPortAndTheOtherWhenItGoes() {
        ServiceEntry a = service("a", 30_000, 32_000, "here there");
        ServiceEntry b = service("b", 30_001, 32_000, "away");
        At at = new At(NODE.getFirst(), 32_000);
        HealthIndex both = HealthIndex.EMPTY.next(table(1, List.of(a, b)), NODE);
        HealthIndex one = both.next(table(2, List.of(b)), NODE);

        assertThat(both.at(at)).contains(new ServiceHealth(a.service(), 2));
        assertThat(one.at(at)).contains(new ServiceHealth(b.service(), 0));
        assertThat(one.next(table(3, List.of()), NODE).at(at)).isEmpty();
        assertThat(both.at(new At(NODE.getLast(), 32_000)))
                .as("the Services have no IPv6")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            TCP, 0.0.0.0,   30000, true
            TCP, ::,        30000, true
            TCP, 192.0.2.1, 30000, true
            TCP, 192.0.2.9, 30000, false
            TCP, 127.0.0.1, 30000, false
            UDP, 0.0.0.0,   30000, false
            TCP, 0.0.0.0,   30001, false
            """)
    void aProgramOnANodePortIsAConflict(Transport transport, String address, int port, boolean conflict) {
        NodePortIndex nodePorts = NodePortIndex.EMPTY.next(table(1, List.of(service("web", 30_000, 0, "here"))));
        ListeningSocket socket = new ListeningSocket(transport, IpAddress.parse(address), port, 7);
        List<NodePortConflict> found = NodePortConflict.of(nodePorts, NODE, List.of(socket));

        assertThat(found.stream().map(it -> it.service().name())).isEqualTo(conflict ? List.of("web") : List.of());
    }

    private static ServiceTable table(long revision, Collection<ServiceEntry> entries) {
        return ServiceTable.of(revision, entries, List.of("default"));
    }

    /// A Service of IPv4.
    ///
    /// @param endpoints as words, those that begin with `a` are away
    private static ServiceEntry service(String name, int nodePort, int healthPort, String endpoints) {
        List<String> words = Arrays.asList(endpoints.split(" "));
        List<Backend> backends = words.stream()
                .map(word ->
                        new Backend(IpAddress.parse("10.1.0." + (1 + words.indexOf(word))), 80, !word.startsWith("a")))
                .toList();
        PortEntry port =
                new PortEntry("", Protocol.TCP, 80, List.of(new Frontend.NodePort(IpFamily.IPV4, nodePort)), backends);
        return new ServiceEntry(
                new ServiceName("default", name),
                new NameEntry.Addresses(List.of()),
                List.of(port),
                Balancing.RANDOM,
                new TrafficPolicy(Scope.CLUSTER, Scope.LOCAL, List.of(), healthPort),
                SessionAffinity.NONE,
                true);
    }
}
