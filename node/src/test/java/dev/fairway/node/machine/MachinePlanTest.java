package dev.fairway.node.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.Link;
import dev.fairway.kernel.LinkAddress;
import dev.fairway.kernel.Route;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The decisions about the machine network, without a kernel.
class MachinePlanTest {

    @Test
    void aPlanHoldsNoPieceTwiceAndNoPieceBeforeItsNamespace() {
        List<Piece> pieces = MachinePieces.plan(MachinePlan.standard("fairway", 3, true));
        assertThat(new HashSet<>(pieces)).hasSameSizeAs(pieces);
        for (Piece piece : pieces) {
            Piece namespace = new Piece.Namespace(piece.namespace());
            assertThat(piece.namespace().isEmpty() || pieces.indexOf(namespace) <= pieces.indexOf(piece))
                    .as(piece.toString())
                    .isTrue();
        }
    }

    @Test
    void nodesReachEachOthersPodsOverTheInside() {
        assertThat(routes(MachinePlan.standard("fairway", 3, false), "fairway-node-2"))
                .containsExactly(
                        "10.244.1.0/24 via 172.31.0.1 dev int0",
                        "fd00:10:244:1::/64 via fd00:172:31::1 dev int0",
                        "10.244.3.0/24 via 172.31.0.3 dev int0",
                        "fd00:10:244:3::/64 via fd00:172:31::3 dev int0",
                        "default via 198.51.100.254 dev ext0",
                        "default via 2001:db8:100::254 dev ext0");
    }

    @Test
    void theMachineItselfIsTouchedOnlyWithAccess() {
        assertThat(MachinePieces.plan(MachinePlan.standard("fairway", 1, false)))
                .noneMatch(piece -> piece.namespace().isEmpty());
        assertThat(routes(MachinePlan.standard("fairway", 1, true), ""))
                .containsExactly(
                        "203.0.113.0/24 via 198.51.100.254 dev fairway0",
                        "2001:db8:203::/112 via 2001:db8:100::254 dev fairway0");
        assertThat(routes(MachinePlan.standard("fairway", 1, true).withRealHostOverIpv4Only(), ""))
                .containsExactly("203.0.113.0/24 via 198.51.100.254 dev fairway0");
    }

    @Test
    void whoLooksAtCablesFindsThoseOfThePlan() {
        assertThat(MachinePieces.plan(MachinePlan.standard("fairway", 2, false)))
                .filteredOn(piece -> piece instanceof Piece.Cable)
                .containsExactlyInAnyOrderElementsOf(MachineCable.of(List.of("node-1", "node-2")).stream()
                        .map(cable -> new Piece.Cable(
                                "fairway-fabric", cable.port(), "fairway-" + cable.owner(), cable.link()))
                        .toList());
    }

    @Test
    void noLinkNameIsLongerThanTheKernelAllows() {
        MachineNode node = node("a-node-with-a-name-as-long-as-people-make-them", "198.51.100.1", "172.31.0.1");
        for (Piece piece : MachinePieces.plan(plan("abcdefghijklm", List.of(node)))) {
            if (piece instanceof Piece.Cable cable) {
                assertThat(List.of(cable.link(), cable.peerLink())).allMatch(name -> name.length() <= 15);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Fairway", "fair-way", "9to5", "abcdefghijklmn", "a/b", "a b"})
    void badClusterNamesAreRefused(String cluster) {
        assertThatThrownBy(() -> plan(cluster, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cluster name \"" + cluster + "\" must be");
    }

    @ParameterizedTest
    @CsvSource({
        "edge,   198.51.100.1, 172.31.0.1, node name \"edge\" must be",
        "pod-1,  198.51.100.1, 172.31.0.1, node name \"pod-1\" must be",
        "Node,   198.51.100.1, 172.31.0.1, node name \"Node\" must be",
        "../etc, 198.51.100.1, 172.31.0.1, node name \"../etc\" must be",
        "node-1, 198.51.100.3, 172.31.0.3, two nodes have the name \"node-1\"",
        "node-2, 198.51.100.1, 172.31.0.3, address 198.51.100.1 is used twice",
        "node-2, 198.51.100.254, 172.31.0.3, address 198.51.100.254 is used twice",
        "node-2, 10.0.0.1, 172.31.0.3, address 10.0.0.1 of node-2 lies in none of the networks [198.51.100.0/24]",
        "node-2, 198.51.100.3, 10.0.0.1, address 10.0.0.1 of node-2 lies in none of the networks [172.31.0.0/24]",
    })
    void badNodesAreRefused(String name, String outside, String inside, String message) {
        MachineNode first = node("node-1", "198.51.100.1", "172.31.0.1");
        assertThatThrownBy(() -> plan("fairway", List.of(first, node(name, outside, inside))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void overlappingPodBlocksAreRefused() {
        MachineNode first = node("node-1", "198.51.100.1", "172.31.0.1", "10.244.0.0/16");
        MachineNode second = node("node-2", "198.51.100.2", "172.31.0.2", "10.244.2.0/24");
        assertThatThrownBy(() -> plan("fairway", List.of(first, second)))
                .hasMessage("pod block 10.244.2.0/24 of node-2 overlaps pod block 10.244.0.0/16");
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.9/24, eth0,     '', '', true",
        "198.51.0.1/16,   eth0,     '', '', true",
        "203.0.113.5/32,  lo,       '', '', true",
        "198.51.100.9/24, fairway0, '', '', false",
        "192.0.2.9/24,    eth0,     '', '', false",
        "192.0.2.9/24,    eth0,     0.0.0.0/0,      eth0,     false",
        "192.0.2.9/24,    eth0,     203.0.113.0/26, eth0,     true",
        "192.0.2.9/24,    eth0,     203.0.113.0/24, fairway0, false",
    })
    void aConflictWithThisMachineIsFound(
            String address, String link, String destination, String routeLink, boolean conflict) {
        Cidr network = Cidr.lenient(address).orElseThrow();
        IpAddress own = IpAddress.parse(address.substring(0, address.indexOf('/')));
        Observation.Contents host = new Observation.Contents(
                List.of(),
                List.of(new LinkAddress(link, own, network.prefix())),
                Cidr.tryParse(destination).stream()
                        .map(to -> Route.via(to, IpAddress.parse("192.0.2.1"), routeLink))
                        .toList(),
                Map.of());
        Optional<String> found = HostConflicts.find(MachinePlan.standard("fairway", 1, true), host, "fairway0");
        assertThat(found.isPresent()).isEqualTo(conflict);
    }

    @Test
    void surplusIsWhatOurLinksCarryBeyondThePlan() {
        Link ext0 = new Link(2, "ext0", "veth", true, 1500, "", Optional.empty());
        List<Piece> wanted = List.of(
                new Piece.Namespace("n"),
                new Piece.Address("n", address("ext0", "198.51.100.1", 24)),
                new Piece.Up("n", "ext0"),
                new Piece.Up("n", "lo"));
        Observation found = new Observation(Map.of(
                "n",
                new Observation.Contents(
                        List.of(ext0),
                        List.of(
                                address("ext0", "198.51.100.1", 24),
                                address("ext0", "198.51.100.9", 24),
                                address("ext0", "fe80::1", 64),
                                address("lo", "203.0.113.1", 32),
                                address("veth7", "192.0.2.1", 24)),
                        List.of(
                                Route.direct(Cidr.parse("198.51.100.0/24"), "ext0"),
                                Route.via(Cidr.parse("10.9.0.0/16"), IpAddress.parse("198.51.100.7"), "ext0")),
                        Map.of())));

        assertThat(found.surplus(wanted))
                .containsExactly(
                        new Piece.Path(
                                "n", Route.via(Cidr.parse("10.9.0.0/16"), IpAddress.parse("198.51.100.7"), "ext0")),
                        new Piece.Address("n", address("ext0", "198.51.100.9", 24)));
        assertThat(found.missing(wanted)).containsExactly(new Piece.Up("n", "lo"));
    }

    private static LinkAddress address(String link, String address, int prefix) {
        return new LinkAddress(link, IpAddress.parse(address), prefix);
    }

    private static List<String> routes(MachinePlan plan, String namespace) {
        return MachinePieces.plan(plan).stream()
                .filter(piece -> piece.namespace().equals(namespace))
                .flatMap(piece -> piece instanceof Piece.Path path
                        ? Optional.of(path.route().toString()).stream()
                        : Optional.<String>empty().stream())
                .toList();
    }

    private static MachineNode node(String name, String outside, String inside, String... blocks) {
        return new MachineNode(
                name,
                List.of(IpAddress.parse(outside)),
                List.of(IpAddress.parse(inside)),
                Arrays.stream(blocks).map(Cidr::parse).toList());
    }

    private static MachinePlan plan(String cluster, List<MachineNode> nodes) {
        return new MachinePlan(
                cluster,
                nodes,
                List.of(Cidr.parse("198.51.100.0/24")),
                List.of(Cidr.parse("172.31.0.0/24")),
                List.of(IpAddress.parse("198.51.100.200")),
                List.of(IpAddress.parse("198.51.100.254")),
                List.of(),
                List.of(Cidr.parse("203.0.113.0/24")),
                List.of());
    }
}
