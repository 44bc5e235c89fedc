package dev.fairway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.table.TableFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The packet rows once more: the kernel's own trace of a real packet against the way that was predicted for it.
class ObservedRowsTest {

    private static final int TIMEOUT_MILLIS = 700;
    private static final int DRAWS = 6;
    private static final Ruleset RULES = NftPlan.of(PacketRows.TABLE, Tables.NODE, Ruleset.empty());
    private static final PacketTracer TRACER = PacketTracer.of(RULES, PacketRowsTest.NODE_ADDRESSES);

    private static TestNetwork network;

    @BeforeAll
    static void build() throws Exception {
        network = new TestNetwork();
        TableFeed feed = new TableFeed();
        Dataplane dataplane = Dataplane.start(network.place("node"), Tables.NODE, feed);
        feed.publish(PacketRows.TABLE);
        assertThat(dataplane.awaitRealized(PacketRows.TABLE.revision(), 5000)).isTrue();
        dataplane.close(); // its rules stay, and nobody mends what a test breaks
    }

    @AfterAll
    static void tearDown() throws Exception {
        network.close();
    }

    @Test
    void theKernelTakesAPredictedWayForEveryRow() throws Exception {
        List<PacketRows.Row> rows = PacketRows.rows();
        List<String> wrong = differences(network, RULES, rows, ObservedRowsTest::differences);
        assertThat(wrong).isEmpty();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(300);
        assertThat(network.nftList()).doesNotContain("fairway-trace");
    }

    /// In a network of its own, since each mode changes the node's rules, and some its routes. What a bridge passes on
    /// by itself may meet another rule that says the same, so what becomes of the packet is compared.
    @Test
    void theKernelTakesAPredictedWayForEveryRowOfEveryMode() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (TestNetwork own = new TestNetwork("modes")) {
            own.openLoopback();
            own.leaveClusterIpsToTheFirst();
            for (Map.Entry<String, NodeAddresses> mode : ModeRows.MODES.entrySet()) {
                TableFeed feed = new TableFeed();
                Dataplane dataplane = Dataplane.start(own.place("node"), mode.getValue(), feed);
                feed.publish(PacketRows.TABLE);
                assertThat(dataplane.awaitRealized(PacketRows.TABLE.revision(), 5000))
                        .isTrue();
                Ruleset rules = NftPlan.of(PacketRows.TABLE, mode.getValue(), Ruleset.empty());
                wrong.addAll(differences(own, rules, ModeRows.rows(mode.getKey()), ObservedRowsTest::otherwise));
                dataplane.removeRules();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(ModeRows.rows()).hasSizeGreaterThanOrEqualTo(50);
    }

    /// Compares what was predicted of a row with what was observed.
    @FunctionalInterface
    private interface Comparison {
        List<String> differences(PacketRows.Row row, List<PacketPath> ways, ObservedPath observed);
    }

    private static List<String> otherwise(PacketRows.Row row, List<PacketPath> ways, ObservedPath observed) {
        return Drift.between(ways, observed).stream()
                .map(drift -> row + ": " + drift)
                .toList();
    }

    private static List<String> differences(
            TestNetwork network, Ruleset rules, List<PacketRows.Row> rows, Comparison comparison) throws Exception {
        PacketTracer tracer = PacketTracer.of(rules, PacketRowsTest.NODE_ADDRESSES);
        List<Future<ObservedPath>> seen;
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) { // most only wait for what does not come
            seen = clients.invokeAll(rows.stream()
                    .<Callable<ObservedPath>>map(row -> () -> observe(network, rules, row))
                    .toList());
        }
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<PacketPath> ways = ways(tracer, PacketRowsTest.packet(rows.get(i)));
            wrong.addAll(comparison.differences(rows.get(i), ways, seen.get(i).get()));
        }
        return wrong;
    }

    /// Broken by hand, and mended again.
    @Test
    void whatWasBrokenByHandIsNamed() throws Exception {
        PacketRows.Row row = PacketRows.row("b tcp 10.96.0.2 80 a");
        nft("delete element ip fairway services { 10.96.0.2 . tcp . 80 }");

        List<String> drift = drift(row);
        assertThat(drift).hasSize(2);
        assertThat(drift.getFirst())
                .startsWith("the packet was refused by the rule ip fairway refuse handle ")
                .endsWith(", which was not predicted");
        assertThat(drift.getLast())
                .isEqualTo("the kernel lacks element ip fairway services { 10.96.0.2 . tcp . 80 : goto pick-1 }");

        nft("add element ip fairway services { 10.96.0.2 . tcp . 80 : goto pick-1 }");
        assertThat(drift(row)).isEmpty();
    }

    @Test
    void theRuleOfAnotherProgramIsNamed() throws Exception {
        PacketRows.Row row = PacketRows.row("b tcp 10.96.0.2 80 a");
        nft("add table ip strange");
        nft("add chain ip strange watch { type filter hook forward priority 10; }");
        nft("add rule ip strange watch tcp dport 8080 drop comment \"nobody's business\"");

        assertThat(drift(row))
                .singleElement()
                .asString()
                .startsWith("the packet was dropped by the rule ip strange watch handle ")
                .endsWith(": drop comment \"nobody's business\", which was not predicted");

        nft("delete table ip strange");
        assertThat(drift(row)).isEmpty();
    }

    private static List<String> drift(PacketRows.Row row) throws Exception {
        Packet packet = PacketRowsTest.packet(row);
        List<String> out = new ArrayList<>(Drift.between(ways(packet), observe(row)));
        out.addAll(PacketObserver.drift(network.place("node"), PacketRows.TABLE, Tables.NODE, packet));
        return out;
    }

    private static void nft(String command) throws Exception {
        TestNetwork.run("ip", "netns", "exec", network.place("node").name(), "nft", command);
    }

    private static ObservedPath observe(PacketRows.Row row) throws Exception {
        return observe(network, RULES, row);
    }

    private static ObservedPath observe(TestNetwork network, Ruleset rules, PacketRows.Row row) throws Exception {
        Packet packet = PacketRowsTest.packet(row);
        try (Probe probe = Probe.open(
                network.place(row.from()), packet.protocol(), packet.source(), packet.destination(), packet.port())) {
            return PacketObserver.on(network.place("node"), rules).observe(probe, TIMEOUT_MILLIS);
        }
    }

    /// What the kernel did otherwise than in any of the ways, rule by rule.
    static List<String> differences(PacketRows.Row row, List<PacketPath> ways, ObservedPath observed) {
        Set<String> predicted = ways.stream()
                .map(path -> path.destination().withPort(path.port()) + " " + path.steps())
                .collect(Collectors.toSet());
        List<String> drift = Drift.between(ways, observed);
        return predicted.contains(way(observed)) && drift.isEmpty()
                ? List.of()
                : List.of(row + "\n  predicted " + predicted + "\n  observed  " + observed + drift);
    }

    private static String way(ObservedPath observed) {
        List<PacketPath.Step> steps = observed.steps().stream()
                .filter(step -> step.table().endsWith(" fairway"))
                .map(step -> new PacketPath.Step(step.chain(), step.rule()))
                .toList();
        return observed.left().destination().withPort(observed.left().destinationPort()) + " " + steps;
    }

    private static List<PacketPath> ways(Packet packet) {
        return ways(TRACER, packet);
    }

    private static List<PacketPath> ways(PacketTracer tracer, Packet packet) {
        return IntStream.range(0, DRAWS)
                .mapToObj(draw -> tracer.trace(packet, draw))
                .toList();
    }
}
