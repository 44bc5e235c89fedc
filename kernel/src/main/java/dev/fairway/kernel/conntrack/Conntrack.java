package dev.fairway.kernel.conntrack;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.Errno;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Flow.Ends;
import dev.fairway.kernel.netlink.AttributeReader;
import dev.fairway.kernel.netlink.MessageWriter;
import dev.fairway.kernel.netlink.NetlinkException;
import dev.fairway.kernel.netlink.NetlinkMessage;
import dev.fairway.kernel.netlink.NetlinkSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The connections that one network namespace tracks, over ctnetlink (`linux/netfilter/nfnetlink_conntrack.h`). Safe
/// for use from several threads, one after the other.
public final class Conntrack implements AutoCloseable {

    private static final int SUBSYSTEM = 1; // NFNL_SUBSYS_CTNETLINK
    private static final int GET = 1; // IPCTNL_MSG_CT_GET
    private static final int DELETE = 2; // IPCTNL_MSG_CT_DELETE
    private static final int GET_STATS_CPU = 4; // IPCTNL_MSG_CT_GET_STATS_CPU
    private static final int GET_STATS = 5; // IPCTNL_MSG_CT_GET_STATS
    private static final int NFGENMSG_BYTES = 4;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private static final int TUPLE_ORIG = 1; // CTA_TUPLE_ORIG
    private static final int TUPLE_REPLY = 2;
    private static final int PROTOINFO = 4; // CTA_PROTOINFO
    private static final int PROTOINFO_TCP = 1;
    private static final int TCP_STATE = 1;
    private static final int TCP_ESTABLISHED = 3; // enum tcp_conntrack of nf_conntrack_tcp.h
    private static final int ID = 12; // CTA_ID
    private static final int FILTER = 25; // CTA_FILTER
    private static final int TUPLE_IP = 1;
    private static final int TUPLE_PROTO = 2;
    private static final int PROTO_NUM = 1;
    private static final int PROTO_SRC_PORT = 2;
    private static final int PROTO_DST_PORT = 3;
    private static final int FILTER_ORIG_FLAGS = 1;
    private static final int FILTER_REPLY_FLAGS = 2;
    private static final int BY_PROTO_NUM = 1 << 3; // CTA_FILTER_F_CTA_PROTO_NUM
    private static final int BY_PROTO_DST_PORT = 1 << 5; // CTA_FILTER_F_CTA_PROTO_DST_PORT

    private static final int STATS_DROP = 10; // CTA_STATS_DROP, of one processor
    private static final int STATS_EARLY_DROP = 11; // CTA_STATS_EARLY_DROP
    private static final int STATS_ENTRIES = 1; // CTA_STATS_GLOBAL_ENTRIES
    private static final int STATS_MAX_ENTRIES = 2; // CTA_STATS_GLOBAL_MAX_ENTRIES, since Linux 4.18

    private static final int DUMP_ATTEMPTS = 10;
    /// The kernel goes through its whole table for each port: for more of them, one way through all connections is
    /// less.
    private static final int PORTS_FILTERED = 4;

    private final NetlinkSocket socket;

    private Conntrack(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static Conntrack open(NetworkNamespace namespace) {
        return new Conntrack(NetlinkSocket.open(namespace, NetlinkSocket.NETFILTER));
    }

    /// All tracked connections of the family and protocol; the kernel leaves out the others. Connections that come and
    /// go meanwhile may be listed or not.
    ///
    /// @param protocol an IANA protocol number with ports, such as 17 for UDP
    public synchronized List<Flow> flows(IpFamily family, int protocol) {
        List<Flow> out = new ArrayList<>();
        Consumer<NetlinkMessage> reply = message ->
                flow(message).filter(flow -> flow.protocol() == protocol).ifPresent(out::add);
        dump(family, filter -> filter.attributeU8(PROTO_NUM, protocol), BY_PROTO_NUM, out::clear, reply);
        return out;
    }

    /// Those whose first packet was sent to one of the ports, each as it arrives, so that many of them take no memory.
    /// One may come twice when the table changes much meanwhile.
    public synchronized void flowsTo(IpFamily family, int protocol, Set<Integer> ports, Consumer<Flow> each) {
        Consumer<NetlinkMessage> reply = message -> flow(message)
                .filter(flow -> flow.protocol() == protocol
                        && ports.contains(flow.original().destinationPort()))
                .ifPresent(each);
        Consumer<MessageWriter> ofProtocol = out -> out.attributeU8(PROTO_NUM, protocol);
        if (ports.size() > PORTS_FILTERED) {
            dump(family, ofProtocol, BY_PROTO_NUM, () -> {}, reply);
            return;
        }
        for (int port : ports) {
            Consumer<MessageWriter> ofPort = ofProtocol.andThen(out -> out.attributeU16Network(PROTO_DST_PORT, port));
            dump(family, ofPort, BY_PROTO_NUM | BY_PROTO_DST_PORT, () -> {}, reply);
        }
    }

    /// How full the table is now.
    public synchronized TableUse use() {
        AttributeReader global = exchange(GET_STATS, NetlinkMessage.ACK, "the size of the connection table").stream()
                .filter(message -> message.type() == (SUBSYSTEM << 8 | GET_STATS))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the kernel does not tell the connection table's size"))
                .attributes(NFGENMSG_BYTES);
        long dropped = 0;
        long evicted = 0;
        for (NetlinkMessage cpu : exchange(GET_STATS_CPU, NetlinkMessage.DUMP, "statistics of the connection table")) {
            AttributeReader counted = cpu.attributes(NFGENMSG_BYTES);
            dropped += number(counted, STATS_DROP);
            evicted += number(counted, STATS_EARLY_DROP);
        }
        return new TableUse(number(global, STATS_ENTRIES), number(global, STATS_MAX_ENTRIES), dropped, evicted);
    }

    private static long number(AttributeReader attributes, int type) {
        return attributes
                .find(type)
                .map(it -> Integer.toUnsignedLong(it.u32Network()))
                .orElse(0L);
    }

    private List<NetlinkMessage> exchange(int type, int flags, String what) {
        int sequence = socket.nextSequence();
        MessageWriter out = request(type, flags, sequence, IpFamily.IPV4);
        try {
            return socket.exchange(out.end().toBytes(), sequence);
        } catch (NetlinkException e) {
            throw e.toKernelException("read", what);
        }
    }

    /// Ends the tracking of the connection: its next packet is a first packet again.
    ///
    /// @return false when it had ended already
    public synchronized boolean delete(Flow flow) {
        int sequence = socket.nextSequence();
        MessageWriter out = request(DELETE, NetlinkMessage.ACK, sequence, family(flow));
        ends(out, flow);
        out.attributeU32Network(ID, flow.id());
        try {
            socket.exchange(out.end().toBytes(), sequence);
            return true;
        } catch (NetlinkException e) {
            if (e.error().errno().equals(Errno.ENOENT)) {
                return false;
            }
            throw e.toKernelException("end the tracking of", flow.original().toString());
        }
    }

    private static IpFamily family(Flow flow) {
        return flow.original().source().family();
    }

    /// @param proto writes what the filter compares of the protocol
    /// @param begin called before each attempt
    private void dump(
            IpFamily family,
            Consumer<MessageWriter> proto,
            int filter,
            Runnable begin,
            Consumer<NetlinkMessage> reply) {
        for (int attempt = 1; ; attempt++) {
            begin.run();
            int sequence = socket.nextSequence();
            MessageWriter out = request(GET, NetlinkMessage.DUMP, sequence, family);
            out.nested(TUPLE_ORIG, () -> out.nested(TUPLE_PROTO, () -> proto.accept(out)));
            out.nested(FILTER, () -> out.attributeU32(FILTER_ORIG_FLAGS, filter).attributeU32(FILTER_REPLY_FLAGS, 0));
            try {
                socket.exchange(out.end().toBytes(), sequence, reply);
                return;
            } catch (NetlinkException e) {
                if (attempt == DUMP_ATTEMPTS || !e.error().errno().equals(Errno.EINTR)) {
                    throw e.toKernelException("read", "tracked connections");
                }
            }
        }
    }

    private static MessageWriter request(int type, int flags, int sequence, IpFamily family) {
        MessageWriter out = new MessageWriter();
        out.begin(SUBSYSTEM << 8 | type, NetlinkMessage.REQUEST | flags, sequence);
        return out.u8(family == IpFamily.IPV4 ? AF_INET : AF_INET6).u8(0).u16Network(0);
    }

    private static void ends(MessageWriter out, Flow flow) {
        Ends ends = flow.original();
        int first = ends.source().isV4() ? 1 : 3; // CTA_IP_V4_SRC, CTA_IP_V6_SRC; the destination follows
        out.nested(TUPLE_ORIG, () -> {
            out.nested(
                    TUPLE_IP,
                    () -> out.attribute(first, ends.source().toBytes())
                            .attribute(first + 1, ends.destination().toBytes()));
            out.nested(
                    TUPLE_PROTO,
                    () -> out.attributeU8(PROTO_NUM, flow.protocol())
                            .attributeU16Network(PROTO_SRC_PORT, ends.sourcePort())
                            .attributeU16Network(PROTO_DST_PORT, ends.destinationPort()));
        });
    }

    /// Empty for protocols without ports.
    private static Optional<Flow> flow(NetlinkMessage message) {
        AttributeReader attributes = message.attributes(NFGENMSG_BYTES);
        AttributeReader original = attributes.get(TUPLE_ORIG).nested();
        AttributeReader proto = original.get(TUPLE_PROTO).nested();
        if (proto.find(PROTO_SRC_PORT).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Flow(
                attributes.get(ID).u32Network(),
                proto.get(PROTO_NUM).u8(),
                ends(original),
                ends(attributes.get(TUPLE_REPLY).nested()),
                isEstablished(attributes)));
    }

    private static boolean isEstablished(AttributeReader attributes) {
        return attributes
                .find(PROTOINFO)
                .flatMap(it -> it.nested().find(PROTOINFO_TCP))
                .flatMap(it -> it.nested().find(TCP_STATE))
                .map(state -> state.u8() == TCP_ESTABLISHED)
                .orElse(true);
    }

    private static Ends ends(AttributeReader tuple) {
        AttributeReader ip = tuple.get(TUPLE_IP).nested();
        AttributeReader proto = tuple.get(TUPLE_PROTO).nested();
        int first = ip.find(1).isPresent() ? 1 : 3;
        return new Ends(
                IpAddress.of(ip.get(first).toBytes()),
                proto.get(PROTO_SRC_PORT).u16Network(),
                IpAddress.of(ip.get(first + 1).toBytes()),
                proto.get(PROTO_DST_PORT).u16Network());
    }

    @Override
    public void close() {
        socket.close();
    }
}
