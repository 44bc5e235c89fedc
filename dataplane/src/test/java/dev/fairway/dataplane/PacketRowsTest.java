package dev.fairway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The packet rows on the planned ruleset; `DataplaneTest` runs the same rows on the kernel.
class PacketRowsTest {

    static final Set<IpAddress> NODE_ADDRESSES = Stream.concat(
                    Tables.NODE.nodePorts().stream(), Stream.of(IpAddress.parse("127.0.0.1")))
            .collect(Collectors.toSet());

    private static final PacketTracer TRACER =
            PacketTracer.of(NftPlan.of(PacketRows.TABLE, Tables.NODE, Ruleset.empty()), NODE_ADDRESSES);

    private static final PacketTracer STICKY_TRACER =
            PacketTracer.of(NftPlan.of(StickyRows.TABLE, Tables.NODE, Ruleset.empty()), NODE_ADDRESSES);

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
        check(TRACER, row);
    }

    static List<ModeRows.ModeRow> modeRows() {
        return ModeRows.rows();
    }

    @ParameterizedTest
    @MethodSource("modeRows")
    void eachModeAllowsExactlyTheseOutcomes(ModeRows.ModeRow inMode) {
        NodeAddresses node = Objects.requireNonNull(ModeRows.MODES.get(inMode.mode()), inMode.mode());
        Ruleset rules = NftPlan.of(PacketRows.TABLE, node, Ruleset.empty());
        check(PacketTracer.of(rules, NODE_ADDRESSES), inMode.row());
    }

    static List<StickyRows.Row> stickyRows() {
        return StickyRows.rows();
    }

    @ParameterizedTest
    @MethodSource("stickyRows")
    void clientsKeepTheirPodOverAllPortsThatHaveIt(StickyRows.Row row) {
        Packet first = packet(row.first());
        Set<String> pods = new TreeSet<>();
        for (int draw = 0; draw < 6; draw++) {
            String pod = pod(STICKY_TRACER.trace(first, draw));
            pods.add(pod);
            PacketTracer learned = STICKY_TRACER.after(first, draw);
            assertThat(pods(learned, packet(row.then())))
                    .as("%s, first %s", row, pod)
                    .isEqualTo(new TreeSet<>(row.allowsAfter(pod)));
        }
        assertThat(pods).isEqualTo(new TreeSet<>(row.first().allows()));
    }

    private static Set<String> pods(PacketTracer tracer, Packet packet) {
        Set<String> pods = new TreeSet<>();
        IntStream.range(0, 6).forEach(draw -> pods.add(pod(tracer.trace(packet, draw))));
        return pods;
    }

    /// The packet of a row, from the address that its sender takes.
    static Packet packet(PacketRows.Row row) {
        IpAddress to = IpAddress.parse(row.address());
        IpAddress from = IpAddress.parse(source(row.from(), to));
        Protocol protocol = row.protocol().equals("tcp") ? Protocol.TCP : Protocol.UDP;
        return new Packet(row.from().equals("node"), link(row.from()), from, to, protocol, row.port());
    }

    private static void check(PacketTracer tracer, PacketRows.Row row) {
        Packet packet = packet(row);
        IpAddress from = packet.source();
        List<PacketPath> paths = IntStream.range(0, 6)
                .mapToObj(draw -> tracer.trace(packet, draw))
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
                if (NODE_ADDRESSES.contains(path.destination())) {
                    yield "refused"; // nobody listens
                }
                String pod = pod(path);
                boolean seen = path.masqueraded() && !masqueradedAs(pod, from).equals(from.toString());
                yield pod + (seen ? " masqueraded" : "");
            }
        };
    }

    private static String pod(PacketPath path) {
        return PODS.getOrDefault(path.destination().toString(), "nobody");
    }

    /// The address of the link towards the pod.
    private static String masqueradedAs(String pod, IpAddress from) {
        return switch (pod) {
            case "c" -> from.isV4() ? "172.31.0.1" : "fd00:172::1";
            default -> from.isV4() ? "10.244.1.1" : "fd00:244:1::1";
        };
    }

    private static String link(String from) {
        return switch (from) {
            case "a", "b" -> "pods";
            case "c" -> "int0";
            case "outside" -> "ext0";
            default -> "";
        };
    }

    /// The node takes the address it calls when that is its own, else that of the link it would leave by.
    private static String source(String from, IpAddress to) {
        return switch (from) {
            case "a" -> to.isV4() ? "10.244.1.2" : "fd00:244:1::2";
            case "b" -> to.isV4() ? "10.244.1.3" : "fd00:244:1::3";
            case "c" -> to.isV4() ? "10.244.2.2" : "fd00:244:2::2";
            case "outside" -> to.isV4() ? "198.51.100.200" : "2001:db8:100::200";
            default -> NODE_ADDRESSES.contains(to) ? to.toString() : to.isV4() ? "198.51.100.1" : "2001:db8:100::1";
        };
    }
}
