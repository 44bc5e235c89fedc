package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The three nodes of `TestNetwork` as values, each with its own planned rules: a packet that one node lets go to
/// another one meets the rules of that one as well, with the source that the first one gave it.
final class ThreeNodes {

    static final List<String> NODES = List.of("node", "node-2", "node-3");

    /// By place, its addresses; the one that it takes for what it sends itself is the first of its family.
    private static final Map<String, List<String>> ADDRESSES = Map.of(
            "a", List.of("10.244.1.2", "fd00:244:1::2"),
            "b", List.of("10.244.1.3", "fd00:244:1::3"),
            "c", List.of("10.244.2.2", "fd00:244:2::2"),
            "d", List.of("10.244.3.2", "fd00:244:3::2"),
            "outside", List.of("198.51.100.200", "2001:db8:100::200"),
            "outside-3", List.of("198.51.100.203", "2001:db8:100::203"),
            "node", nodeAddresses(1),
            "node-2", nodeAddresses(2),
            "node-3", nodeAddresses(3));

    private static final Map<String, String> NODE_OF = Map.of(
            "a", "node",
            "b", "node",
            "c", "node-2",
            "d", "node-3",
            "outside", "node",
            "outside-3", "node-3");

    private static final int MOST_HOPS = 4;

    private final Map<String, Ruleset> rules = new TreeMap<>();
    private final Map<String, PacketTracer> tracers = new TreeMap<>();

    ThreeNodes(Map<String, ServiceTable> tables) {
        tables.forEach((node, table) -> {
            Ruleset planned = NftPlan.of(table, settings(node), Ruleset.empty());
            Set<IpAddress> own = addresses(node).stream().map(IpAddress::parse).collect(Collectors.toSet());
            rules.put(node, planned);
            tracers.put(node, PacketTracer.of(planned, own));
        });
    }

    private static List<String> addresses(String place) {
        return Objects.requireNonNull(ADDRESSES.get(place), place);
    }

    private static List<String> nodeAddresses(int number) {
        return List.of(
                "198.51.100." + number,
                "172.31.0." + number,
                "2001:db8:100::" + number,
                "fd00:172::" + number,
                "10.244.%d.1".formatted(number),
                "fd00:244:%d::1".formatted(number));
    }

    static NodeAddresses settings(String node) {
        int number = NODES.indexOf(node) + 1;
        return new NodeAddresses(
                nodeAddresses(number).subList(0, 4).stream()
                        .map(IpAddress::parse)
                        .toList(),
                List.of(
                        Cidr.parse("10.244.%d.0/24".formatted(number)),
                        Cidr.parse("fd00:244:%d::/64".formatted(number))),
                Tables.NODE.pods(),
                Tables.NODE.services(),
                Tables.NODE.cluster());
    }

    Ruleset rules(String node) {
        return Objects.requireNonNull(rules.get(node), node);
    }

    private PacketTracer tracer(String node) {
        return Objects.requireNonNull(tracers.get(node), node);
    }

    static String nodeOf(String place) {
        return NODE_OF.getOrDefault(place, place);
    }

    /// Whose address it is.
    static String owner(IpAddress address) {
        return ADDRESSES.entrySet().stream()
                .filter(place -> place.getValue().contains(address.toString()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("nobody");
    }

    /// How a packet fares on one node.
    record Leg(String node, PacketPath path) {}

    /// @param outcome `refused`, `silent`, or who got it, with whom that saw if it is not the sender: `d<node-2`
    record Journey(String outcome, List<Leg> legs) {}

    Journey journey(PacketRows.Row row, int draw) {
        Packet packet = packet(row);
        String node =
                owner(packet.destination()).startsWith("node") && row.from().startsWith("outside")
                        ? owner(packet.destination())
                        : nodeOf(row.from());
        List<Leg> legs = new ArrayList<>();
        while (legs.size() < MOST_HOPS) {
            PacketPath path = tracer(node).trace(packet, draw);
            legs.add(new Leg(node, path));
            String owner = owner(path.destination());
            if (path.end() != PacketPath.End.SENT || owner.equals(node)) {
                return new Journey(path.end() == PacketPath.End.DROPPED ? "silent" : "refused", legs);
            }
            IpAddress source = path.masqueraded() ? towards(path.destination(), node) : packet.source();
            if (nodeOf(owner).equals(node)) {
                return new Journey(outcome(owner, row.from(), owner(source)), legs);
            }
            packet = new Packet(
                    false, link(path.destination()), source, path.destination(), packet.protocol(), path.port());
            node = nodeOf(owner);
        }
        throw new IllegalStateException(row + " goes in circles: " + legs);
    }

    static String outcome(String pod, String sender, String seen) {
        return pod + (seen.equals(sender) ? "" : "<" + seen);
    }

    static Packet packet(PacketRows.Row row) {
        IpAddress to = IpAddress.parse(row.address());
        boolean isNode = row.from().startsWith("node");
        IpAddress from = isNode ? towards(to, row.from()) : address(row.from(), to, 0);
        String link = isNode ? "" : row.from().startsWith("outside") ? "ext0" : "pods";
        return new Packet(
                isNode, link, from, to, row.protocol().equals("tcp") ? Protocol.TCP : Protocol.UDP, row.port());
    }

    /// The node's own address if it is called, else that of the link by which it would send.
    private static IpAddress towards(IpAddress to, String node) {
        if (owner(to).equals(node)) {
            return to;
        }
        boolean own = !owner(to).startsWith("node") && nodeOf(owner(to)).equals(node) && isPod(to);
        return address(node, to, own ? 2 : isPod(to) || isInside(to) ? 1 : 0);
    }

    private static String link(IpAddress to) {
        return isPod(to) || isInside(to) ? "int0" : "ext0";
    }

    private static boolean isPod(IpAddress address) {
        return Tables.NODE.pods().stream().anyMatch(block -> block.contains(address));
    }

    private static boolean isInside(IpAddress address) {
        return List.of("172.31.0.0/24", "fd00:172::/64").stream()
                .map(Cidr::parse)
                .anyMatch(block -> block.contains(address));
    }

    /// The n-th of the place's addresses of that family.
    private static IpAddress address(String place, IpAddress family, int n) {
        return addresses(place).stream()
                .map(IpAddress::parse)
                .filter(address -> address.isV4() == family.isV4())
                .skip(n)
                .findFirst()
                .orElseThrow();
    }
}
