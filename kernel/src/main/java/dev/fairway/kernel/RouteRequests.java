package dev.fairway.kernel;

import static dev.fairway.kernel.netlink.NetlinkMessage.ACK;
import static dev.fairway.kernel.netlink.NetlinkMessage.CREATE;
import static dev.fairway.kernel.netlink.NetlinkMessage.DUMP;
import static dev.fairway.kernel.netlink.NetlinkMessage.EXCLUSIVE;
import static dev.fairway.kernel.netlink.NetlinkMessage.REPLACE;
import static dev.fairway.kernel.netlink.NetlinkMessage.REQUEST;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.netlink.MessageWriter;
import java.util.function.Consumer;

/// The bytes of rtnetlink requests (`man 7 rtnetlink`, `linux/rtnetlink.h`, `if_link.h`, `if_addr.h`). Pure: links
/// are given by number, the sequence number by the caller.
final class RouteRequests {

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;
    static final int RTM_GETROUTE = 26;

    static final int IFF_UP = 1;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_MASTER = 10;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_NET_NS_FD = 28;
    static final int IFLA_INFO_KIND = 1;
    static final int IFLA_INFO_DATA = 2;
    static final int VETH_INFO_PEER = 1;

    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    static final int IFA_FLAGS = 8;
    static final int IFA_F_NODAD = 2;

    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_MULTIPATH = 9;
    static final int RTA_TABLE = 15;
    static final int RT_TABLE_MAIN = 254;
    static final int RTN_UNICAST = 1;
    private static final int RTPROT_STATIC = 4;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int SCOPE_NOWHERE = 255;

    private static final int AF_UNSPEC = 0;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private final int sequence;

    RouteRequests(int sequence) {
        this.sequence = sequence;
    }

    byte[] listLinks() {
        return message(RTM_GETLINK, DUMP, writer -> linkHeader(writer, 0, 0, 0));
    }

    byte[] getLink(String name) {
        return message(RTM_GETLINK, ACK, writer -> {
            linkHeader(writer, 0, 0, 0);
            writer.attributeText(IFLA_IFNAME, name);
        });
    }

    byte[] getLink(int index) {
        return message(RTM_GETLINK, ACK, writer -> linkHeader(writer, index, 0, 0));
    }

    byte[] addBridge(String name, byte[] hardwareAddress) {
        return message(RTM_NEWLINK, ACK | CREATE | EXCLUSIVE, writer -> {
            linkHeader(writer, 0, 0, 0);
            writer.attributeText(IFLA_IFNAME, name);
            writer.attribute(IFLA_ADDRESS, hardwareAddress);
            writer.nested(IFLA_LINKINFO, () -> writer.attributeText(IFLA_INFO_KIND, "bridge"));
        });
    }

    /// @param namespaceFd an open descriptor of the namespace that gets the peer
    byte[] addVeth(String name, String peerName, int namespaceFd) {
        return message(RTM_NEWLINK, ACK | CREATE | EXCLUSIVE, writer -> {
            linkHeader(writer, 0, 0, 0);
            writer.attributeText(IFLA_IFNAME, name);
            writer.nested(IFLA_LINKINFO, () -> {
                writer.attributeText(IFLA_INFO_KIND, "veth");
                writer.nested(
                        IFLA_INFO_DATA,
                        () -> writer.nested(VETH_INFO_PEER, () -> {
                            linkHeader(writer, 0, 0, 0);
                            writer.attributeText(IFLA_IFNAME, peerName);
                            writer.attributeU32(IFLA_NET_NS_FD, namespaceFd);
                        }));
            });
        });
    }

    byte[] setFlags(int index, int flags, int changed) {
        return message(RTM_NEWLINK, ACK, writer -> linkHeader(writer, index, flags, changed));
    }

    /// @param attribute IFLA_MTU or IFLA_MASTER
    byte[] setNumber(int index, int attribute, int value) {
        return message(RTM_NEWLINK, ACK, writer -> {
            linkHeader(writer, index, 0, 0);
            writer.attributeU32(attribute, value);
        });
    }

    byte[] deleteLink(int index) {
        return message(RTM_DELLINK, ACK, writer -> linkHeader(writer, index, 0, 0));
    }

    byte[] listAddresses() {
        return message(RTM_GETADDR, DUMP, writer -> addressHeader(writer, AF_UNSPEC, 0, 0));
    }

    byte[] addAddress(int index, IpAddress address, int prefix) {
        return message(RTM_NEWADDR, ACK | CREATE | EXCLUSIVE, writer -> {
            addressBody(writer, index, address, prefix);
            if (address.isV6()) { // usable at once: nobody else can own an address of a network that we make
                writer.attributeU32(IFA_FLAGS, IFA_F_NODAD);
            }
        });
    }

    byte[] removeAddress(int index, IpAddress address, int prefix) {
        return message(RTM_DELADDR, ACK, writer -> addressBody(writer, index, address, prefix));
    }

    byte[] listRoutes() {
        return message(RTM_GETROUTE, DUMP, writer -> routeHeader(writer, AF_UNSPEC, 0, 0, 0));
    }

    byte[] addRoute(Route route, int index) {
        return message(RTM_NEWROUTE, ACK | CREATE | EXCLUSIVE, writer -> routeBody(writer, route, index, true));
    }

    byte[] replaceRoute(Route route, int index) {
        return message(RTM_NEWROUTE, ACK | CREATE | REPLACE, writer -> routeBody(writer, route, index, true));
    }

    byte[] removeRoute(Route route, int index) {
        return message(RTM_DELROUTE, ACK, writer -> routeBody(writer, route, index, false));
    }

    private byte[] message(int type, int flags, Consumer<MessageWriter> body) {
        MessageWriter writer = new MessageWriter().begin(type, REQUEST | flags, sequence);
        body.accept(writer);
        return writer.end().toBytes();
    }

    /// `struct ifinfomsg`.
    private static void linkHeader(MessageWriter writer, int index, int flags, int changed) {
        writer.u8(AF_UNSPEC).u8(0).u16(0).u32(index).u32(flags).u32(changed);
    }

    /// `struct ifaddrmsg`.
    private static void addressHeader(MessageWriter writer, int family, int prefix, int index) {
        writer.u8(family).u8(prefix).u8(0).u8(SCOPE_UNIVERSE).u32(index);
    }

    private static void addressBody(MessageWriter writer, int index, IpAddress address, int prefix) {
        addressHeader(writer, number(address.family()), prefix, index);
        writer.attribute(IFA_LOCAL, address.toBytes());
        writer.attribute(IFA_ADDRESS, address.toBytes());
    }

    /// `struct rtmsg` of the main table.
    private static void routeHeader(MessageWriter writer, int family, int prefix, int scope, int type) {
        int protocol = type == RTN_UNICAST && scope != SCOPE_NOWHERE ? RTPROT_STATIC : 0;
        writer.u8(family)
                .u8(prefix)
                .u8(0)
                .u8(0)
                .u8(RT_TABLE_MAIN)
                .u8(protocol)
                .u8(scope)
                .u8(type);
        writer.u32(0);
    }

    /// A removal matches any scope and protocol.
    private static void routeBody(MessageWriter writer, Route route, int index, boolean add) {
        int linkScope =
                route.gateway().isPresent() || route.destination().base().isV6() ? SCOPE_UNIVERSE : SCOPE_LINK;
        int family = number(route.destination().family());
        routeHeader(writer, family, route.destination().prefix(), add ? linkScope : SCOPE_NOWHERE, RTN_UNICAST);
        if (!route.isDefault()) {
            writer.attribute(RTA_DST, route.destination().base().toBytes());
        }
        route.gateway().ifPresent(gateway -> writer.attribute(RTA_GATEWAY, gateway.toBytes()));
        writer.attributeU32(RTA_OIF, index);
    }

    private static int number(IpFamily family) {
        return switch (family) {
            case IPV4 -> AF_INET;
            case IPV6 -> AF_INET6;
        };
    }
}
