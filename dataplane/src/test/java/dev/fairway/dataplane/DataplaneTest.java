package dev.fairway.dataplane;

import static dev.fairway.dataplane.Tables.local;
import static dev.fairway.dataplane.Tables.port;
import static dev.fairway.dataplane.Tables.remote;
import static dev.fairway.dataplane.Tables.service;
import static dev.fairway.dataplane.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftFamily;
import dev.fairway.kernel.nft.Table;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(wrong(PacketRows.rows())).isEmpty();
        assertThat(network.nftList()).contains("goto pick-2", "goto nodeport-pick-1");
    }

    private static List<String> wrong(List<PacketRows.Row> rows) throws Exception {
        List<Future<Set<String>>> seen;
        try (ExecutorService clients = Executors.newFixedThreadPool(32)) { // most only wait for what does not come
            seen = clients.invokeAll(rows.stream().map(DataplaneTest::outcomes).toList());
        }
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            PacketRows.Row row = rows.get(i);
            if (!row.allows().containsAll(seen.get(i).get())) {
                wrong.add(row + " but was " + seen.get(i).get());
            }
        }
        return wrong;
    }

    @Test
    void everyRowOfEveryModeHoldsOnTheRealKernel() throws Exception {
        network.openLoopback();
        network.leaveClusterIpsToTheFirst();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, NodeAddresses> mode : ModeRows.MODES.entrySet()) {
            dataplane.removeRules();
            feed = new TableFeed();
            dataplane = Dataplane.start(network.place("node"), mode.getValue(), feed);
            publish(PacketRows.TABLE);
            wrong(ModeRows.rows(mode.getKey())).forEach(row -> wrong.add(mode.getKey() + ": " + row));
        }
        assertThat(wrong).isEmpty();
    }

    /// Each time the Services come anew, and so nothing is known of clients.
    @Test
    void clientsKeepTheirPodOverAllPortsThatHaveIt() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            publish();
            publish(ServiceTable.of(++revision, StickyRows.SERVICES, List.of("default")));
            for (StickyRows.Row row : StickyRows.rows()) {
                String first = pod(row.first());
                String then = pod(row.then());
                if (!row.first().allows().contains(first)
                        || !row.allowsAfter(first).contains(then)) {
                    wrong.add(row + " but was " + first + ", then " + then);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(network.nftList())
                .contains("ct original ip daddr . meta l4proto . ct original proto-dst . ip daddr vmap @sticky-pods")
                .contains("{ ip saddr . 10.96.0.1 . tcp . 443 timeout 10m : ip daddr . 8080 }");
    }

    private static String pod(PacketRows.Row row) throws Exception {
        String outcome = network.connect(row.from(), row.protocol(), row.address(), row.port());
        return outcome.split(" ")[0];
    }

    /// What some connections came to; where only one outcome is allowed, one connection tells.
    private static Callable<Set<String>> outcomes(PacketRows.Row row) {
        return () -> {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < (row.allows().size() == 1 ? 1 : 4); i++) {
                seen.add(network.connect(row.from(), row.protocol(), row.address(), row.port()));
            }
            return seen;
        };
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
    void weightsAreKeptExactlyInTurns() throws Exception {
        PortEntry port = port(
                Protocol.TCP,
                "cluster:10.96.0.1:80",
                weighing(local("10.244.1.2"), 3),
                weighing(local("10.244.1.3"), 1),
                weighing(remote("10.244.2.2"), 0));
        publish(service("web", Balancing.ROUND_ROBIN, 0, port));
        assertThat(connections("node", "10.96.0.1", 80, 80))
                .containsExactly(Map.entry("a masqueraded", 60), Map.entry("b masqueraded", 20));

        PortEntry alone = port(Protocol.TCP, "cluster:10.96.0.1:80", weighing(remote("10.244.2.2"), 0));
        publish(service("web", Balancing.ROUND_ROBIN, 0, alone));
        assertThat(connections("node", "10.96.0.1", 80, 5)).containsExactly(Map.entry("c masqueraded", 5));
    }

    private static Backend weighing(Backend backend, int weight) {
        return new Backend(backend.address(), backend.port(), backend.local(), weight);
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

    @ParameterizedTest
    @CsvSource({
        "TCP, b, 10.96.0.1, 80, cluster:10.96.0.1:80",
        "UDP, b, 10.96.0.1, 80, cluster:10.96.0.1:80",
        "TCP, b, fd00:10:96::1, 80, cluster:fd00:10:96::1:80",
        "UDP, b, fd00:10:96::1, 80, cluster:fd00:10:96::1:80",
        "UDP, outside, 198.51.100.1, 30080, node4:30080",
        "TCP, outside, 2001:db8:100::1, 30080, node6:30080",
        "UDP, node, 203.0.113.1, 80, lb:203.0.113.1:80"
    })
    void aClientKeepsItsEndpointWhileOthersComeAndGo(
            Protocol protocol, String from, String address, int number, String frontend) throws Exception {
        boolean six = address.contains(":");
        Backend onA = local(six ? "fd00:244:1::2" : "10.244.1.2");
        Backend onB = local(six ? "fd00:244:1::3" : "10.244.1.3");
        Backend onC = remote(six ? "fd00:244:2::2" : "10.244.2.2");
        publish(service("web", Balancing.RANDOM, 600, port(protocol, frontend, onC)));
        assertThat(ask(from, protocol, address, number)).startsWith("c");

        for (List<Backend> endpoints : List.of(List.of(onA, onB, onC), List.of(onC, onB), List.of(onA, onC))) {
            publish(service("web", Balancing.RANDOM, 600, port(protocol, frontend, endpoints.toArray(Backend[]::new))));
            for (int i = 0; i < 4; i++) {
                assertThat(ask(from, protocol, address, number)).startsWith("c");
            }
        }
        publish(service("web", Balancing.RANDOM, 600, port(protocol, frontend, onA)));
        assertThat(ask(from, protocol, address, number)).startsWith("a");
    }

    private static String ask(String from, Protocol protocol, String address, int number) throws Exception {
        return network.connect(from, protocol.label(), address, number);
    }

    @Test
    void aClientOutsideLosesAnEndpointElsewhereWhenThePolicyBecomesLocal() throws Exception {
        PortEntry far = port(Protocol.TCP, "node4:30080", remote("10.244.2.2"));
        publish(service("web", Balancing.RANDOM, 100, far));
        assertThat(connections("outside", "198.51.100.1", 30080, 2)).containsOnlyKeys("c masqueraded");
        assertThat(connections("b", "198.51.100.1", 30080, 2)).containsOnlyKeys("c masqueraded");

        PortEntry both = port(Protocol.TCP, "node4:30080", remote("10.244.2.2"), local("10.244.1.2"));
        publish(service("web", Balancing.RANDOM, Tables.EXTERNAL_LOCAL, 100, both));

        assertThat(connections("outside", "198.51.100.1", 30080, 5)).containsOnlyKeys("a");
        assertThat(connections("b", "198.51.100.1", 30080, 5)).containsOnlyKeys("c");
    }

    @Test
    void affinityEndsWithItsTimeAndWhenItIsSwitchedOff() throws Exception {
        publish(service("web", Balancing.ROUND_ROBIN, 1, three("cluster:10.96.0.1:80")));
        Map<String, Integer> first = connections("node", "10.96.0.1", 80, 4);
        assertThat(first).hasSize(1);
        Thread.sleep(2100);
        assertThat(connections("node", "10.96.0.1", 80, 1))
                .isNotEqualTo(Map.of(first.keySet().iterator().next(), 1));

        publish(service("web", Balancing.ROUND_ROBIN, 0, three("cluster:10.96.0.1:80")));

        assertThat(connections("node", "10.96.0.1", 80, 6).values()).containsExactly(2, 2, 2);
    }

    @Test
    void connectionsAreCountedForEachAddressWhateverHappensToEndpoints() throws Exception {
        String frontends = "cluster:10.96.0.1:80 node4:30080 lb:203.0.113.1:80";
        publish(service("web", Balancing.RANDOM, 0, three(frontends)));
        connections("a", "10.96.0.1", 80, 3);
        connections("outside", "198.51.100.1", 30080, 2);
        publish(service("web", Balancing.RANDOM, 0, port(Protocol.TCP, frontends, local("10.244.1.2"))));
        connections("b", "10.96.0.1", 80, 2);
        publish(service("web", Balancing.RANDOM, 0, port(Protocol.TCP, frontends)));
        connections("b", "10.96.0.1", 80, 1);

        assertThat(dataplane.connections())
                .extracting(ConnectionCount::connections)
                .containsExactly(6L, 2L, 0L);
    }

    @Test
    void whatDoesNotPassIsCountedForEachServiceWithItsReasonAndKeptWhenItPassesAgain() throws Exception {
        String frontends = "cluster:10.96.0.1:80 node4:30080";
        publish(service("web", Balancing.RANDOM, 0, port(Protocol.TCP, frontends)));
        connections("a", "10.96.0.1", 80, 3);
        connections("outside", "198.51.100.1", 30080, 2);
        assertThat(dataplane.drops())
                .extracting(DataplaneTest::text)
                .containsExactlyInAnyOrder("3 to port 80: no-endpoints", "2 to port 30080: no-endpoints");

        Backend far = remote("10.244.2.2");
        publish(service("web", Balancing.RANDOM, Tables.EXTERNAL_LOCAL, 0, port(Protocol.TCP, frontends, far)));
        connections("outside", "198.51.100.1", 30080, 1);
        assertThat(dataplane.drops())
                .extracting(DataplaneTest::text)
                .contains("3 to port 80: no-endpoints", "2 to port 30080: no-endpoints")
                .anyMatch(text -> text.endsWith("to port 30080: no-local-endpoint"))
                .hasSize(3);
        assertThat(dataplane.drops()).allMatch(drop -> drop.after().isBefore(drop.until()));
    }

    private static String text(DropCount drop) {
        return drop.packets() + " to port " + drop.frontend().port() + ": "
                + drop.reason().label();
    }

    private static IpAddress addressOf(String outcome) {
        return IpAddress.parse(
                switch (outcome.charAt(0)) {
                    case 'a' -> "10.244.1.2";
                    case 'b' -> "10.244.1.3";
                    default -> "10.244.2.2";
                });
    }

    @ParameterizedTest
    @CsvSource({
        "b, 10.96.0.1, 80, cluster:10.96.0.1:80",
        "outside, 198.51.100.1, 30080, node4:30080",
        "outside, 2001:db8:100::1, 30080, node6:30080",
        "node, 203.0.113.1, 80, lb:203.0.113.1:80"
    })
    void aUdpFlowFollowsTheEndpoints(String from, String address, int number, String frontend) throws Exception {
        boolean v6 = address.contains(":");
        Backend onA = local(v6 ? "fd00:244:1::2" : "10.244.1.2");
        Backend onB = local(v6 ? "fd00:244:1::3" : "10.244.1.3");
        try (DatagramSocket flow = network.flow(from, address, number)) {
            TestTraffic.ask(flow); // nobody knows the address yet
            publish(service("web", Balancing.RANDOM, 0, port(Protocol.UDP, frontend)));
            TestTraffic.ask(flow);

            publish(service("web", Balancing.RANDOM, 0, port(Protocol.UDP, frontend, onA)));
            assertThat(TestTraffic.ask(flow)).as("the first endpoint").startsWith("a");

            publish(service("web", Balancing.RANDOM, 0, port(Protocol.UDP, frontend, onB)));
            assertThat(TestTraffic.ask(flow)).as("another endpoint").startsWith("b");

            publish(service("web", Balancing.RANDOM, 0, port(Protocol.UDP, frontend)));
            assertThat(TestTraffic.ask(flow)).as("none left").isEqualTo("refused");
        }
    }

    @Test
    void aUdpFlowStaysWhileItsEndpointServes() throws Exception {
        PortEntry before = port(Protocol.UDP, "cluster:10.96.0.1:80", local("10.244.1.2"));
        PortEntry after = port(Protocol.UDP, "cluster:10.96.0.1:80", local("10.244.1.3"));
        List<Backend> both = List.of(local("10.244.1.2"), local("10.244.1.3"));
        try (DatagramSocket flow = network.flow("outside", "10.96.0.1", 80)) {
            publish(service("web", Balancing.RANDOM, 0, before));
            assertThat(TestTraffic.ask(flow)).startsWith("a");

            publish(service("web", Balancing.RANDOM, 0, Tables.serving(after, both)));

            assertThat(TestTraffic.ask(flow)).startsWith("a");
            assertThat(network.connect("outside", "udp", "10.96.0.1", 80)).startsWith("b");
        }
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flush ruleset",
                "delete table ip fairway",
                "flush chain ip fairway services",
                "flush map ip fairway services"
            })
    void whatSomeoneElseTakesAwayComesBackByItself(String command) throws Exception {
        publish(service("web", Balancing.RANDOM, 0, three("cluster:10.96.0.1:80")));
        List<String> nft = new ArrayList<>(
                List.of("ip", "netns", "exec", network.place("node").name(), "nft"));
        nft.addAll(List.of(command.split(" ")));
        TestNetwork.run(nft.toArray(String[]::new));

        for (int i = 0; i < 100 && dataplane.counts().repairs() == 0; i++) {
            Thread.sleep(50);
        }

        assertThat(dataplane.counts().repairs()).isEqualTo(1);
        assertThat(connections("node", "10.96.0.1", 80, 3)).isNotEmpty().doesNotContainKeys("silent", "refused");
    }

    @Test
    void tablesOfOthersAreLeftAlone() throws Exception {
        String nft = "ip netns exec " + network.place("node").name() + " nft ";
        TestNetwork.run((nft + "add table ip others").split(" "));
        TestNetwork.run((nft + "add chain ip others mine").split(" "));

        publish(service("web", Balancing.RANDOM, 0, three("cluster:10.96.0.1:80")));
        dataplane.removeRules();

        assertThat(network.nftList()).contains("chain mine").doesNotContain("fairway");
        TestNetwork.run((nft + "delete table ip others").split(" "));
        start();
    }

    /// Another program writes all the time; each of our batches is built upon what really is.
    @Test
    void anotherWriterDoesNotKeepUsFromWriting() throws Exception {
        try (NftConnection other = NftConnection.open(network.place("node"))) {
            Thread writer = Thread.ofPlatform().start(() -> writeUntilInterrupted(other));
            try {
                for (int i = 0; i < 30; i++) {
                    publish(service("web", Balancing.RANDOM, 0, three("cluster:10.96.0." + (1 + i) + ":80")));
                }
            } finally {
                writer.interrupt();
                writer.join();
            }
            other.commit(List.of(new NftCommand.DeleteTable(OTHERS)));
        }

        assertThat(connections("node", "10.96.0.30", 80, 3)).doesNotContainKeys("silent", "refused");
    }

    private static final Table OTHERS = new Table(NftFamily.IP, "others");

    private static void writeUntilInterrupted(NftConnection other) {
        while (!Thread.interrupted()) {
            other.commit(List.of(new NftCommand.AddTable(OTHERS)));
            other.commit(List.of(
                    new NftCommand.AddChain(Chain.of(OTHERS, "mine")), new NftCommand.DeleteChain(OTHERS, "mine")));
        }
        other.commit(List.of(new NftCommand.AddTable(OTHERS)));
    }

    private static PortEntry three(String frontends) {
        return port(Protocol.TCP, frontends, local("10.244.1.2"), local("10.244.1.3"), remote("10.244.2.2"));
    }
}
