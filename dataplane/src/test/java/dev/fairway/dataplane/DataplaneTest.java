package dev.fairway.dataplane;

import static dev.fairway.dataplane.Tables.local;
import static dev.fairway.dataplane.Tables.port;
import static dev.fairway.dataplane.Tables.remote;
import static dev.fairway.dataplane.Tables.service;
import static dev.fairway.dataplane.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The data plane on a real kernel: real packets through real namespaces.
class DataplaneTest {

    private static TestNetwork network;
    private TableFeed feed;
    private Dataplane dataplane;
    private long revision;

    @BeforeAll
    static void build() throws Exception {
        network = new TestNetwork();
    }

    @AfterAll
    static void tearDown() throws Exception {
        network.close();
    }

    @BeforeEach
    void start() {
        feed = new TableFeed();
        dataplane = Dataplane.start(network.place("node"), Tables.NODE, feed);
    }

    @AfterEach
    void stop() {
        dataplane.removeRules();
    }

    private void publish(ServiceEntry... entries) throws InterruptedException {
        publish(table(++revision, entries));
    }

    private void publish(ServiceTable table) throws InterruptedException {
        feed.publish(table);
        boolean done = dataplane.awaitRealized(table.revision(), 5000);
        assertThat(done).as(() -> dataplane.realized().toString()).isTrue();
    }

    private Map<String, Integer> connections(String from, String address, int port, int times) throws Exception {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            counts.merge(network.connect(from, "tcp", address, port), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void everyRowHoldsOnTheRealKernel() throws Exception {
        publish(PacketRows.TABLE);
        for (PacketRows.Row row : PacketRows.rows()) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                seen.add(network.connect(row.from(), row.protocol(), row.address(), row.port()));
            }
            assertThat(row.allows()).as(row.toString()).containsAll(seen);
        }
        assertThat(network.nftList()).contains("goto pick-2", "goto nodeport-pick-1");
    }

    @Test
    void randomBalancingReachesAllEvenly() throws Exception {
        publish(service("web", Balancing.RANDOM, 0, three("cluster:10.96.0.1:80")));

        assertThat(connections("node", "10.96.0.1", 80, 600).values())
                .hasSize(3)
                .allSatisfy(count -> assertThat(count).isBetween(140, 260));
    }

    @Test
    void roundRobinTakesTurnsExactly() throws Exception {
        publish(service("web", Balancing.ROUND_ROBIN, 0, three("cluster:10.96.0.1:80 node4:30080")));

        assertThat(connections("a", "10.96.0.1", 80, 300).values()).containsExactly(100, 100, 100);
    }

    @Test
    void aClientKeepsItsEndpointUntilThatIsGone() throws Exception {
        publish(service("web", Balancing.RANDOM, 100, three("cluster:10.96.0.1:80 node4:30080")));
        Map<String, Integer> first = connections("outside", "198.51.100.1", 30080, 20);
        assertThat(first).hasSize(1);
        String pod = first.keySet().iterator().next();

        Backend[] left = three("cluster:10.96.0.1:80").backends().stream()
                .filter(backend -> !backend.address().equals(addressOf(pod)))
                .toArray(Backend[]::new);
        publish(service("web", Balancing.RANDOM, 100, port(Protocol.TCP, "cluster:10.96.0.1:80 node4:30080", left)));

        Map<String, Integer> second = connections("outside", "198.51.100.1", 30080, 20);
        assertThat(second).hasSize(1).doesNotContainKey(pod);
    }

    private static IpAddress addressOf(String outcome) {
        return IpAddress.parse(
                switch (outcome.charAt(0)) {
                    case 'a' -> "10.244.1.2";
                    case 'b' -> "10.244.1.3";
                    default -> "10.244.2.2";
                });
    }

    @Test
    void aRestartFindsEverythingAndChangesNothing() throws Exception {
        publish(PacketRows.TABLE);
        int generation;
        try (NftConnection nft = NftConnection.open(network.place("node"))) {
            generation = nft.generation();
            Ruleset found = NftReader.read(nft);
            Ruleset planned = NftPlan.of(PacketRows.TABLE, Tables.NODE, Ruleset.empty());
            assertThat(found.elements()).isEqualTo(planned.elements());
            assertThat(found.commandsTo(NftPlan.of(PacketRows.TABLE, Tables.NODE, found)))
                    .isEmpty();
        }
        dataplane.close();

        TableFeed again = new TableFeed();
        again.publish(PacketRows.TABLE);
        dataplane = Dataplane.start(network.place("node"), Tables.NODE, again);
        assertThat(dataplane.awaitRealized(PacketRows.TABLE.revision(), 5000)).isTrue();
        try (NftConnection nft = NftConnection.open(network.place("node"))) {
            assertThat(nft.generation()).isEqualTo(generation);
        }
    }

    @Test
    void aTableDeletedBySomeoneElseComesBack() throws Exception {
        publish(service("web", Balancing.RANDOM, 0, three("cluster:10.96.0.1:80")));
        TestNetwork.run("ip", "netns", "exec", network.place("node").name(), "nft", "flush", "ruleset");

        publish(service("web", Balancing.RANDOM, 0, three("cluster:10.96.0.1:80")));

        assertThat(connections("node", "10.96.0.1", 80, 3)).isNotEmpty().doesNotContainKeys("silent", "refused");
    }

    private static PortEntry three(String frontends) {
        return port(Protocol.TCP, frontends, local("10.244.1.2"), local("10.244.1.3"), remote("10.244.2.2"));
    }
}
