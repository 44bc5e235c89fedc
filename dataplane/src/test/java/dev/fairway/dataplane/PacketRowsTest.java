package dev.fairway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The packet rows on the planned ruleset; `DataplaneTest` runs the same rows on the kernel.
class PacketRowsTest {

    private static final PacketTracer TRACER = PacketTracer.of(
            NftPlan.of(PacketRows.TABLE, Tables.NODE, Ruleset.empty()), Set.copyOf(Tables.NODE.nodePorts()));

    private static final Map<String, String> PODS = Map.of(
            "10.244.1.2", "a",
            "10.244.1.3", "b",
            "10.244.2.2", "c",
            "fd00:244:1::2", "a",
            "fd00:244:1::3", "b",
            "fd00:244:2::2", "c");

    static List<PacketRows.Row> rows() {
        return PacketRows.rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theRulesetAllowsExactlyTheseOutcomes(PacketRows.Row row) {
        IpAddress to = IpAddress.parse(row.address());
        IpAddress from = IpAddress.parse(source(row.from(), to));
        Protocol protocol = row.protocol().equals("tcp") ? Protocol.TCP : Protocol.UDP;
        Packet packet = new Packet(row.from().equals("node"), from, to, protocol, row.port());
        List<PacketPath> paths = IntStream.range(0, 6)
                .mapToObj(draw -> TRACER.trace(packet, draw))
                .toList();
        TreeSet<String> outcomes = new TreeSet<>();
        paths.forEach(path -> outcomes.add(outcome(path, from)));
        assertThat(outcomes).as("%s%n%s", row, paths).isEqualTo(new TreeSet<>(row.allows()));
    }

    private static String outcome(PacketPath path, IpAddress from) {
        return switch (path.end()) {
            case REFUSED -> "refused";
            case DROPPED -> "silent";
            case SENT -> {
                String pod = PODS.getOrDefault(path.destination().toString(), "nobody");
                boolean seen = path.masqueraded() && !masqueradedAs(pod, from).equals(from.toString());
                yield pod + (seen ? " masqueraded" : "");
            }
        };
    }

    /// The address of the link towards the pod.
    private static String masqueradedAs(String pod, IpAddress from) {
        return switch (pod) {
            case "c" -> from.isV4() ? "172.31.0.1" : "fd00:172::1";
            default -> from.isV4() ? "10.244.1.1" : "fd00:244:1::1";
        };
    }

    /// The node takes the address it calls when that is its own, else that of the link it would leave by.
    private static String source(String from, IpAddress to) {
        return switch (from) {
            case "a" -> to.isV4() ? "10.244.1.2" : "fd00:244:1::2";
            case "b" -> to.isV4() ? "10.244.1.3" : "fd00:244:1::3";
            case "c" -> to.isV4() ? "172.31.0.2" : "fd00:172::2";
            case "outside" -> to.isV4() ? "198.51.100.200" : "2001:db8:100::200";
            default ->
                Tables.NODE.nodePorts().contains(to) ? to.toString() : to.isV4() ? "198.51.100.1" : "2001:db8:100::1";
        };
    }
}
