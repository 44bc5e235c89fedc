package dev.fairway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.table.TableFeed;
import java.util.ArrayList;
import java.util.List;
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
    private static Dataplane dataplane;

    @BeforeAll
    static void build() throws Exception {
        network = new TestNetwork();
        TableFeed feed = new TableFeed();
        dataplane = Dataplane.start(network.place("node"), Tables.NODE, feed);
        feed.publish(PacketRows.TABLE);
        assertThat(dataplane.awaitRealized(PacketRows.TABLE.revision(), 5000)).isTrue();
    }

    @AfterAll
    static void tearDown() throws Exception {
        dataplane.removeRules();
        network.close();
    }

    @Test
    void theKernelTakesAPredictedWayForEveryRow() throws Exception {
        List<PacketRows.Row> rows = PacketRows.rows();
        List<Future<ObservedPath>> seen;
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) { // most only wait for what does not come
            seen = clients.invokeAll(
                    rows.stream().map(ObservedRowsTest::observation).toList());
        }
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            ObservedPath observed = seen.get(i).get();
            Set<String> predicted = predicted(PacketRowsTest.packet(rows.get(i)));
            if (!predicted.contains(way(observed))) {
                wrong.add(rows.get(i) + "\n  predicted " + predicted + "\n  observed  " + observed);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(300);
        assertThat(network.nftList()).doesNotContain("fairway-trace");
    }

    private static Callable<ObservedPath> observation(PacketRows.Row row) {
        return () -> observe(row);
    }

    private static ObservedPath observe(PacketRows.Row row) throws Exception {
        Packet packet = PacketRowsTest.packet(row);
        try (Probe probe = Probe.open(
                network.place(row.from()), packet.protocol(), packet.source(), packet.destination(), packet.port())) {
            return PacketObserver.on(network.place("node"), RULES).observe(probe, TIMEOUT_MILLIS);
        }
    }

    private static Set<String> predicted(Packet packet) {
        return IntStream.range(0, DRAWS)
                .mapToObj(draw -> TRACER.trace(packet, draw))
                .map(path -> path.destination().withPort(path.port()) + " " + path.steps())
                .collect(Collectors.toSet());
    }

    private static String way(ObservedPath observed) {
        List<PacketPath.Step> steps = observed.steps().stream()
                .filter(step -> step.table().endsWith(" fairway"))
                .map(step -> new PacketPath.Step(step.chain(), step.rule()))
                .toList();
        return observed.left().destination().withPort(observed.left().destinationPort()) + " " + steps;
    }
}
