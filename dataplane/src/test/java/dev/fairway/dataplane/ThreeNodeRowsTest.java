package dev.fairway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.ThreeNodes.Journey;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rows of three nodes: on their planned rules, as real packets through three real kernels' tables, and as the
/// kernel
/// of the node that decides tells what it did.
class ThreeNodeRowsTest {

    private static final int TIMEOUT_MILLIS = 300;
    private static final int DRAWS = 6;
    private static final ThreeNodes NODES = new ThreeNodes(ThreeNodeRows.tables());

    private static TestNetwork network;

    @BeforeAll
    static void build() throws Exception {
        network = new TestNetwork();
        for (Map.Entry<String, ServiceTable> node : ThreeNodeRows.tables().entrySet()) {
            TableFeed feed = new TableFeed();
            Dataplane dataplane =
                    Dataplane.start(network.place(node.getKey()), ThreeNodes.settings(node.getKey()), feed);
            feed.publish(node.getValue());
            assertThat(dataplane.awaitRealized(node.getValue().revision(), 5000))
                    .isTrue();
            dataplane.close(); // its rules stay
        }
    }

    @AfterAll
    static void tearDown() throws Exception {
        network.close();
    }

    static List<PacketRows.Row> rows() {
        return ThreeNodeRows.rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theRulesetsAllowExactlyTheseOutcomes(PacketRows.Row row) {
        List<Journey> journeys = journeys(row);
        Set<String> outcomes = new TreeSet<>();
        journeys.forEach(journey -> outcomes.add(journey.outcome()));
        assertThat(outcomes).as("%s%n%s", row, journeys).isEqualTo(new TreeSet<>(row.allows()));
    }

    @Test
    void everyRowHoldsOnTheRealKernel() throws Exception {
        List<PacketRows.Row> rows = rows();
        List<Set<String>> seen = all(32, rows.stream().map(this::outcomes).toList());
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (!rows.get(i).allows().containsAll(seen.get(i))) {
                wrong.add(rows.get(i) + " but was " + seen.get(i));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(300);
    }

    @Test
    void theKernelTakesAPredictedWayForEveryRow() throws Exception {
        List<PacketRows.Row> rows = rows();
        List<ObservedPath> seen = all(16, rows.stream().map(this::observation).toList());
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            PacketRows.Row row = rows.get(i);
            assertThat(seen.get(i).seen()).as(row.toString()).isTrue();
            wrong.addAll(ObservedRowsTest.differences(row, waysOn(decides(row), row), seen.get(i)));
        }
        assertThat(wrong).isEmpty();
    }

    /// What some connections came to; where only one outcome is allowed, one connection tells.
    private Callable<Set<String>> outcomes(PacketRows.Row row) {
        return () -> {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < (row.allows().size() == 1 ? 1 : 4); i++) {
                String said = network.call(row.from(), row.protocol(), row.address(), row.port())
                        .said();
                String[] words = said.split(" ");
                seen.add(
                        words.length == 1
                                ? said
                                : ThreeNodes.outcome(
                                        words[0], row.from(), ThreeNodes.owner(IpAddress.parse(words[1]))));
            }
            return seen;
        };
    }

    private Callable<ObservedPath> observation(PacketRows.Row row) {
        return () -> {
            Packet packet = ThreeNodes.packet(row);
            String node = decides(row);
            try (Probe probe = Probe.open(
                    network.place(row.from()),
                    packet.protocol(),
                    packet.source(),
                    packet.destination(),
                    packet.port())) {
                return PacketObserver.on(network.place(node), NODES.rules(node)).observe(probe, TIMEOUT_MILLIS);
            }
        };
    }

    /// The last node that the packet comes to as it was sent: the second one has it with the source of the first if
    /// that
    /// masqueraded it, or for another destination if it translated it.
    private static String decides(PacketRows.Row row) {
        Journey journey = NODES.journey(row, 0);
        boolean changed = journey.legs().getFirst().path().masqueraded()
                || !journey.legs().getFirst().path().destination().equals(IpAddress.parse(row.address()));
        return changed || journey.legs().size() == 1
                ? journey.legs().getFirst().node()
                : journey.legs().get(1).node();
    }

    private static List<Journey> journeys(PacketRows.Row row) {
        return IntStream.range(0, DRAWS)
                .mapToObj(draw -> NODES.journey(row, draw))
                .toList();
    }

    private static List<PacketPath> waysOn(String node, PacketRows.Row row) {
        return journeys(row).stream()
                .flatMap(journey -> journey.legs().stream())
                .filter(leg -> leg.node().equals(node))
                .map(ThreeNodes.Leg::path)
                .toList();
    }

    private static <T> List<T> all(int threads, List<Callable<T>> calls) throws Exception {
        List<T> out = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(threads)) { // most only wait for what does not come
            for (Future<T> future : clients.invokeAll(calls)) {
                out.add(future.get());
            }
        }
        return out;
    }
}
