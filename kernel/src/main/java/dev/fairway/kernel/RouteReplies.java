package dev.fairway.kernel;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.netlink.AttributeReader;
import dev.fairway.kernel.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads rtnetlink's answers. Pure; what Fairway does not know (other tables, multicast, blackholes) is left out.
final class RouteReplies {

    private static final int LINK_HEADER_BYTES = 16;
    private static final int ADDRESS_HEADER_BYTES = 8;
    private static final int ROUTE_HEADER_BYTES = 12;
    private static final int RTM_F_CLONED = 0x200;

    private RouteReplies() {}

    /// One link; the name of its master must be looked up by `masterIndex`.
    record RawLink(Link link, int masterIndex) {}

    static RawLink link(NetlinkMessage message) {
        ByteBuffer payload = message.payload();
        AttributeReader attributes = message.attributes(LINK_HEADER_BYTES);
        Link link = new Link(
                payload.getInt(4),
                attributes.get(RouteRequests.IFLA_IFNAME).text(),
                attributes
                        .find(RouteRequests.IFLA_LINKINFO)
                        .flatMap(detail -> detail.nested().find(RouteRequests.IFLA_INFO_KIND))
                        .map(AttributeReader.Attribute::text)
                        .orElse(""),
                (payload.getInt(8) & RouteRequests.IFF_UP) != 0,
                attributes
                        .find(RouteRequests.IFLA_MTU)
                        .map(AttributeReader.Attribute::u32)
                        .orElse(0),
                attributes
                        .find(RouteRequests.IFLA_ADDRESS)
                        .map(RouteReplies::hardwareAddress)
                        .orElse(""),
                Optional.empty());
        int master = attributes
                .find(RouteRequests.IFLA_MASTER)
                .map(AttributeReader.Attribute::u32)
                .orElse(0);
        return new RawLink(link, master);
    }

    private static String hardwareAddress(AttributeReader.Attribute attribute) {
        return HexFormat.ofDelimiter(":").formatHex(attribute.toBytes());
    }

    static Link withMaster(RawLink raw, Optional<String> master) {
        Link link = raw.link();
        return new Link(
                link.index(), link.name(), link.kind(), link.up(), link.mtuBytes(), link.hardwareAddress(), master);
    }

    /// @param names link names by number; an address of a link that came since is left out
    static Optional<LinkAddress> address(NetlinkMessage message, Map<Integer, String> names) {
        String link = names.get(message.payload().getInt(4));
        AttributeReader attributes = message.attributes(ADDRESS_HEADER_BYTES);
        // on a point-to-point IPv4 link IFA_ADDRESS is the peer's, and IPv6 has no IFA_LOCAL
        Optional<AttributeReader.Attribute> own =
                attributes.find(RouteRequests.IFA_LOCAL).or(() -> attributes.find(RouteRequests.IFA_ADDRESS));
        if (link == null || own.isEmpty()) {
            return Optional.empty();
        }
        int prefix = Byte.toUnsignedInt(message.payload().get(1));
        return Optional.of(new LinkAddress(link, IpAddress.of(own.get().toBytes()), prefix));
    }

    /// The routes of one message: one per path.
    static List<Route> routes(NetlinkMessage message, Map<Integer, String> names) {
        ByteBuffer payload = message.payload();
        AttributeReader attributes = message.attributes(ROUTE_HEADER_BYTES);
        int table = attributes
                .find(RouteRequests.RTA_TABLE)
                .map(AttributeReader.Attribute::u32)
                .orElse(Byte.toUnsignedInt(payload.get(4)));
        boolean cached = (payload.getInt(8) & RTM_F_CLONED) != 0;
        if (table != RouteRequests.RT_TABLE_MAIN || payload.get(7) != RouteRequests.RTN_UNICAST || cached) {
            return List.of();
        }
        Cidr destination = new Cidr(destination(message, attributes), Byte.toUnsignedInt(payload.get(1)));
        return attributes
                .find(RouteRequests.RTA_MULTIPATH)
                .map(paths -> NextHops.read(paths.bytes()))
                .orElseGet(() -> List.of(NextHops.single(attributes)))
                .stream()
                .filter(hop -> names.containsKey(hop.index()))
                .map(hop -> new Route(destination, hop.gateway(), names.getOrDefault(hop.index(), "")))
                .toList();
    }

    private static IpAddress destination(NetlinkMessage message, AttributeReader attributes) {
        boolean v6 = message.payload().get(0) == 10;
        return attributes
                .find(RouteRequests.RTA_DST)
                .map(bytes -> IpAddress.of(bytes.toBytes()))
                .orElse(v6 ? IpAddress.ofV6(0, 0) : IpAddress.ofV4(0));
    }

    /// Where a route leads: a link and perhaps a gateway.
    private record NextHop(int index, Optional<IpAddress> gateway) {}

    private static final class NextHops {

        private static final int HOP_HEADER_BYTES = 8; // struct rtnexthop: u16 length, flags, hops, s32 index

        static NextHop single(AttributeReader attributes) {
            int index = attributes
                    .find(RouteRequests.RTA_OIF)
                    .map(AttributeReader.Attribute::u32)
                    .orElse(0);
            return new NextHop(index, gateway(attributes));
        }

        static List<NextHop> read(ByteBuffer bytes) {
            List<NextHop> hops = new ArrayList<>();
            int at = 0;
            while (at + HOP_HEADER_BYTES <= bytes.limit()) {
                int length = Short.toUnsignedInt(bytes.getShort(at));
                if (length < HOP_HEADER_BYTES || length > bytes.limit() - at) {
                    break;
                }
                ByteBuffer rest = bytes.slice(at + HOP_HEADER_BYTES, length - HOP_HEADER_BYTES);
                hops.add(new NextHop(bytes.getInt(at + 4), gateway(new AttributeReader(rest))));
                at += (length + 3) & ~3;
            }
            return hops;
        }

        private static Optional<IpAddress> gateway(AttributeReader attributes) {
            return attributes.find(RouteRequests.RTA_GATEWAY).map(bytes -> IpAddress.of(bytes.toBytes()));
        }
    }
}
