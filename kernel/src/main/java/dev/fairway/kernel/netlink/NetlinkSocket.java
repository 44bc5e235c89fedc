package dev.fairway.kernel.netlink;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.Errno;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A raw netlink socket (`man 7 netlink`, `linux/netlink.h`). It belongs to the namespace in which it was opened and
/// may be used from any thread, but by one at a time: a request and its replies belong together.
public final class NetlinkSocket implements AutoCloseable {

    /// NETLINK_ROUTE: links, addresses, routes.
    public static final int ROUTE = 0;
    /// NETLINK_SOCK_DIAG: sockets of others.
    public static final int SOCK_DIAG = 4;
    /// NETLINK_NETFILTER: nftables, conntrack.
    public static final int NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;

    private static final int RECEIVE_QUEUE_BYTES = 16 << 20;
    private static final int RECEIVE_BYTES = 1 << 20;
    private static final int SEND_QUEUE_BYTES = 208 << 10;
    /// The kernel answers inside `send`, so this ends only a wait for an answer that never comes.
    private static final long RECEIVE_TIMEOUT_SECONDS = 10;

    private final int fd;
    private final int port;
    private final NetlinkWire wire;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment received = arena.allocate(RECEIVE_BYTES, 8);
    private final AtomicInteger sequence = new AtomicInteger();
    private int sendQueueBytes = SEND_QUEUE_BYTES;

    private NetlinkSocket(int fd, int port, UnaryOperator<NetlinkWire> around) {
        this.fd = fd;
        this.port = port;
        this.wire = around.apply(new Kernel(fd));
    }

    /// The real calls.
    private record Kernel(int fd) implements NetlinkWire {

        @Override
        public long send(byte[] datagram) {
            try (Arena confined = Arena.ofConfined()) {
                MemorySegment bytes = confined.allocate(datagram.length, 8);
                MemorySegment.copy(datagram, 0, bytes, ValueLayout.JAVA_BYTE, 0, datagram.length);
                return Libc.send(fd, bytes, 0);
            }
        }

        @Override
        public long receive(ByteBuffer buffer, int flags) {
            return Libc.recv(fd, MemorySegment.ofBuffer(buffer), flags);
        }
    }

    /// @param protocol `ROUTE` or `NETFILTER`
    /// @throws KernelException when the namespace or the socket cannot be opened
    public static NetlinkSocket open(NetworkNamespace namespace, int protocol) {
        return open(namespace, protocol, UnaryOperator.identity());
    }

    /// Like `open`, with something between the socket and the kernel.
    public static NetlinkSocket open(NetworkNamespace namespace, int protocol, UnaryOperator<NetlinkWire> around) {
        int fd = namespace.call(
                () -> check(Libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), "open", "netlink socket"));
        try {
            return new NetlinkSocket(fd, prepare(fd), around);
        } catch (KernelException e) {
            Libc.close(fd);
            throw e;
        }
    }

    private static int prepare(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(12, 4); // struct sockaddr_nl: family, pad, port, groups
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
            check(Libc.bind(fd, address), "bind", "netlink socket");
            check(Libc.getsockname(fd, address), "read the port of", "netlink socket");
            MemorySegment timeout = arena.allocateFrom(ValueLayout.JAVA_LONG, RECEIVE_TIMEOUT_SECONDS, 0);
            check(Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeout), "limit the wait of", "netlink socket");
            check(Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_QUEUE_BYTES), "enlarge", "netlink socket");
            check(Libc.setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1), "ask for errors of", "netlink socket");
            check(Libc.setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1), "ask for errors of", "netlink socket");
            return address.get(ValueLayout.JAVA_INT, 4);
        }
    }

    /// Hears from now on what the kernel tells the group (`NFNLGRP_*` of `linux/netfilter/nfnetlink.h`).
    public void join(int group) {
        check(Libc.setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group), "join a group with", "netlink socket");
    }

    /// The socket's port number: what replies to it carry in their header.
    public int port() {
        return port;
    }

    /// A fresh sequence number; never 0, which notifications carry.
    public int nextSequence() {
        return sequence.updateAndGet(last -> last == Integer.MAX_VALUE ? 1 : last + 1);
    }

    /// Takes `count` successive sequence numbers and returns the first, for a batch.
    public int nextSequences(int count) {
        return sequence.updateAndGet(last -> last > Integer.MAX_VALUE - count ? count : last + count) - count + 1;
    }

    /// Sends whole messages in one call, as an atomic batch needs it. The kernel refuses more than the send buffer
    /// holds, so the buffer grows first.
    public void send(byte[] messages) {
        if (messages.length > sendQueueBytes / 2) {
            int wanted = Math.multiplyExact(messages.length, 2);
            check(Libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, wanted), "enlarge", "netlink socket");
            sendQueueBytes = wanted;
        }
        int sent = check(wire.send(messages), "send " + messages.length + " bytes to", "netlink socket");
        if (sent != messages.length) {
            throw new KernelException(
                    "send " + messages.length + " bytes to", "netlink socket", Errno.EMSGSIZE, sent + " were taken");
        }
    }

    /// The messages of one datagram; waits for it.
    ///
    /// @throws KernelException EAGAIN when nothing came in time, ENOBUFS when the kernel had to drop messages
    public List<NetlinkMessage> receive() {
        return split(check(receive(MSG_TRUNC), "receive from", "netlink socket"));
    }

    /// All messages that wait in the socket, without waiting for more.
    public List<NetlinkMessage> receiveWaiting() {
        List<NetlinkMessage> messages = new ArrayList<>();
        while (true) {
            long length = receive(MSG_TRUNC | MSG_DONTWAIT);
            if (length == -Errno.EAGAIN.number()) {
                return messages;
            }
            messages.addAll(split(check(length, "receive from", "netlink socket")));
        }
    }

    /// Sends one request and collects its replies up to the acknowledgement or the end of the dump.
    ///
    /// @param request one message with NLM_F_ACK or NLM_F_DUMP set
    /// @param requestSequence the sequence number in its header
    /// @throws NetlinkException when the kernel refuses; EINTR when a dump was inconsistent and must be repeated
    public List<NetlinkMessage> exchange(byte[] request, int requestSequence) {
        List<NetlinkMessage> replies = new ArrayList<>();
        exchange(request, requestSequence, replies::add);
        return replies;
    }

    /// The same, with each reply as it arrives, so that a long dump takes no memory. What came before a refusal was
    /// given away.
    public void exchange(byte[] request, int requestSequence, Consumer<NetlinkMessage> reply) {
        send(request);
        boolean interrupted = false;
        while (true) {
            for (NetlinkMessage message : receive()) {
                if (message.sequence() != requestSequence) {
                    continue; // a late answer to an earlier request that was given up
                }
                interrupted |= (message.flags() & NetlinkMessage.DUMP_INTERRUPTED) != 0;
                if (message.type() == NetlinkMessage.ERROR || message.type() == NetlinkMessage.DONE) {
                    NetlinkError end = NetlinkError.of(message);
                    if (!end.isAcknowledgement()) {
                        throw new NetlinkException(end);
                    }
                    if (interrupted) {
                        throw new NetlinkException(new NetlinkError(requestSequence, Errno.EINTR, "", 0));
                    }
                    return;
                }
                reply.accept(message);
            }
        }
    }

    private long receive(int flags) {
        while (true) {
            long length = wire.receive(received.asByteBuffer().order(ByteOrder.nativeOrder()), flags);
            if (length != -Errno.EINTR.number()) {
                return length;
            }
        }
    }

    private List<NetlinkMessage> split(int length) {
        if (length > RECEIVE_BYTES) {
            throw new KernelException(
                    "receive from", "netlink socket", Errno.EMSGSIZE, "a datagram of " + length + " bytes");
        }
        byte[] datagram = received.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        return NetlinkMessage.split(ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder()));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            Libc.close(fd);
            arena.close();
        }
    }
}
