package dev.fairway.kernel.nft;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Flow.Ends;
import dev.fairway.kernel.netlink.AttributeReader;
import dev.fairway.kernel.netlink.NetlinkMessage;
import dev.fairway.kernel.netlink.NetlinkSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Hears which rules of all tables a packet meets, once a rule has marked it (`Expr.Trace`): what `nft monitor trace`
/// prints (`NFT_MSG_TRACE`, `linux/netfilter/nf_tables.h`).
public final class PacketTrace implements AutoCloseable {

    private static final int GROUP = 9; // NFNLGRP_NFTRACE
    private static final int TRACE = 17; // NFT_MSG_TRACE
    private static final int NFGENMSG_BYTES = 4;

    private static final int TABLE = 1; // NFTA_TRACE_TABLE
    private static final int CHAIN = 2;
    private static final int RULE_HANDLE = 3;
    private static final int TYPE = 4;
    private static final int VERDICT = 5;
    private static final int ID = 6;
    private static final int NETWORK_HEADER = 8;
    private static final int TRANSPORT_HEADER = 9;
    private static final int POLICY = 16;

    private final NetlinkSocket socket;

    private PacketTrace(NetlinkSocket socket) {
        this.socket = socket;
    }

    /// What the kernel told of.
    public enum Kind {
        /// The end of a base chain.
        POLICY,
        /// The end of a chain without a verdict, or a rule that returned.
        RETURN,
        /// A rule that matched.
        RULE
    }

    /// One step of a packet.
    ///
    /// @param packet by which the steps of a packet are told from those of others, for a short time
    /// @param table with its family, as in nft syntax: `ip fairway`
    /// @param handle of the rule; 0 for other kinds
    /// @param verdict in nft syntax; `continue` when the rule took none
    /// @param ends the packet's addresses at this moment; only with its first step in each base chain
    public record Step(
            int packet, String table, String chain, Kind kind, long handle, String verdict, Optional<Ends> ends) {

        @Override
        public String toString() {
            return table + " " + chain + (handle == 0 ? "" : " handle " + handle) + ": " + verdict;
        }
    }

    public static PacketTrace open(NetworkNamespace namespace) {
        NetlinkSocket socket = NetlinkSocket.open(namespace, NetlinkSocket.NETFILTER);
        socket.join(GROUP);
        return new PacketTrace(socket);
    }

    /// What was told since the last time, in order. The kernel tells while it handles the packet, so the steps of a
    /// packet are there before its answer.
    ///
    /// @throws dev.fairway.kernel.KernelException ENOBUFS when there was more than the socket holds
    public List<Step> heard() {
        return socket.receiveWaiting().stream()
                .filter(message -> message.type() == (NftBatch.SUBSYSTEM << 8 | TRACE))
                .map(PacketTrace::step)
                .toList();
    }

    private static Step step(NetlinkMessage message) {
        AttributeReader attributes = message.attributes(NFGENMSG_BYTES);
        long handle = attributes
                .find(RULE_HANDLE)
                .map(AttributeReader.Attribute::u64Network)
                .orElse(0L);
        return new Step(
                attributes.get(ID).u32Network(),
                family(message.payload().get(0)) + " " + text(attributes, TABLE),
                text(attributes, CHAIN),
                kind(attributes.get(TYPE).u32Network(), handle),
                handle,
                verdict(attributes),
                ends(attributes));
    }

    /// `enum nft_trace_types`. The end of a chain is told of as a rule that has no handle.
    private static Kind kind(int type, long handle) {
        return switch (type) {
            case 1 -> Kind.POLICY;
            case 2 -> Kind.RETURN;
            case 3 -> handle == 0 ? Kind.RETURN : Kind.RULE;
            default -> throw new IllegalArgumentException("trace type " + type + " is not known");
        };
    }

    private static String text(AttributeReader attributes, int type) {
        return attributes.find(type).map(AttributeReader.Attribute::text).orElse("");
    }

    /// `NFPROTO_*` as in nft syntax.
    static String family(byte number) {
        return switch (number) {
            case 1 -> "inet";
            case 2 -> "ip";
            case 3 -> "arp";
            case 5 -> "netdev";
            case 7 -> "bridge";
            case 10 -> "ip6";
            default -> "family-" + number;
        };
    }

    /// The rule's; at the end of a base chain its policy's.
    private static String verdict(AttributeReader attributes) {
        return attributes
                .find(VERDICT)
                .map(AttributeReader.Attribute::nested)
                .map(verdict -> word(verdict.get(1).u32Network(), text(verdict, 2)))
                .or(() -> attributes.find(POLICY).map(policy -> word(policy.u32Network(), "")))
                .orElse("continue");
    }

    /// The kernel adds to a queue's verdict its number in the upper half.
    private static String word(int code, String chain) {
        return switch (code) {
            case -1 -> "continue";
            case 2 -> "stolen";
            case 0, 1, -3, -4, -5 -> Verdict.of(code, chain).toText();
            default -> (code & 0xff) == 3 ? "queue" : "verdict " + code;
        };
    }

    /// The kernel cuts the headers to what it tells of them; packets without ports have none.
    private static Optional<Ends> ends(AttributeReader attributes) {
        Optional<byte[]> network = attributes.find(NETWORK_HEADER).map(AttributeReader.Attribute::toBytes);
        Optional<byte[]> transport = attributes
                .find(TRANSPORT_HEADER)
                .map(AttributeReader.Attribute::toBytes)
                .filter(it -> it.length >= 4);
        return network.flatMap(header -> transport.flatMap(ports -> switch (header.length) {
            case 20 -> Optional.of(ends(header, 12, 4, ports)); // struct iphdr
            case 40 -> Optional.of(ends(header, 8, 16, ports)); // struct ipv6hdr
            default -> Optional.empty();
        }));
    }

    private static Ends ends(byte[] header, int source, int length, byte[] ports) {
        int destination = source + length;
        return new Ends(
                IpAddress.of(Arrays.copyOfRange(header, source, destination)),
                number(ports, 0),
                IpAddress.of(Arrays.copyOfRange(header, destination, destination + length)),
                number(ports, 2));
    }

    private static int number(byte[] bytes, int at) {
        return Byte.toUnsignedInt(bytes[at]) << 8 | Byte.toUnsignedInt(bytes[at + 1]);
    }

    @Override
    public void close() {
        socket.close();
    }
}
