package dev.fairway.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.Frontend;
import dev.fairway.table.NameEntry;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.SessionAffinity;
import dev.fairway.table.TrafficPolicy;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalShortageTest {

    /// A Service with a cluster IP and a node port.
    @ParameterizedTest
    @CsvSource(textBlock = """
            LOCAL,   CLUSTER, away,      1, 0
            CLUSTER, LOCAL,   away,      0, 1
            LOCAL,   LOCAL,   away,      1, 1
            LOCAL,   LOCAL,   here,      0, 0
            LOCAL,   LOCAL,   here away, 0, 0
            LOCAL,   LOCAL,   '',        0, 0
            CLUSTER, CLUSTER, away,      0, 0
            """)
    void portsWithoutAnEndpointHereCount(Scope internal, Scope external, String endpoints, int inside, int outside) {
        List<Backend> backends = Arrays.stream(endpoints.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> new Backend(
                        IpAddress.parse(word.equals("here") ? "10.1.0.1" : "10.2.0.1"), 80, word.equals("here")))
                .toList();
        PortEntry port = new PortEntry(
                "",
                Protocol.TCP,
                80,
                List.of(
                        new Frontend.ClusterIp(IpAddress.parse("10.96.0.1"), 80),
                        new Frontend.NodePort(IpFamily.IPV4, 30080)),
                backends);
        ServiceEntry entry = new ServiceEntry(
                new ServiceName("default", "web"),
                new NameEntry.Addresses(List.of()),
                List.of(port),
                Balancing.RANDOM,
                new TrafficPolicy(internal, external, List.of(), 0),
                SessionAffinity.NONE,
                true);
        ServiceTable table = ServiceTable.of(1, List.of(entry), List.of("default"));

        assertThat(LocalShortage.of(table, IpFamily.IPV4)).isEqualTo(new LocalShortage(inside, outside));
        assertThat(LocalShortage.of(table, IpFamily.IPV6)).isEqualTo(new LocalShortage(0, 0));
    }
}
