package dev.fairway.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableDeltaTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void theDeltaLeadsFromAnyTableToAnyOther(long seed) {
        Random random = new Random(seed);
        ServiceTable from = ServiceTable.EMPTY;
        for (int revision = 1; revision <= 50; revision++) {
            ServiceTable to = randomTable(random, revision);
            TableDelta delta = TableDelta.between(from, to);

            assertThat(delta.applyTo(from))
                    .as("seed %d, revision %d", seed, revision)
                    .isEqualTo(to);
            assertThat(TableDelta.between(to, to).isEmpty()).isTrue();
            assertThat(delta.isEmpty()).isEqualTo(from.services().equals(to.services()));
            from = to;
        }
    }

    @Test
    void anEqualEntryIsNoChangeEvenWhenItIsAnotherObject() {
        ServiceTable from = ServiceTable.of(1, List.of(entry("a", 80)), List.of("default"));
        ServiceTable to = ServiceTable.of(2, List.of(entry("a", 80), entry("b", 80)), List.of("default"));

        assertThat(TableDelta.between(from, to).changes().toString())
                .startsWith("{default/b=Added")
                .doesNotContain("default/a");
    }

    private static ServiceTable randomTable(Random random, long revision) {
        List<ServiceEntry> entries = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            if (random.nextBoolean()) {
                entries.add(entry(name, 80 + random.nextInt(3)));
            }
        }
        return ServiceTable.of(revision, entries, random.nextBoolean() ? List.of("default") : List.of());
    }

    private static ServiceEntry entry(String name, int port) {
        IpAddress address = IpAddress.parse("10.96.0.1");
        PortEntry only =
                new PortEntry("", Protocol.TCP, port, List.of(new Frontend.ClusterIp(address, port)), List.of());
        return new ServiceEntry(
                new ServiceName("default", name),
                new NameEntry.Addresses(List.of(address)),
                List.of(only),
                Balancing.RANDOM,
                SessionAffinity.NONE,
                true);
    }
}
