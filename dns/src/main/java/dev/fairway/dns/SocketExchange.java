package dev.fairway.dns;

import dev.fairway.address.IpFamily;
import dev.fairway.dns.Inquiry.Transport;
import dev.fairway.kernel.NetworkNamespace;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Asks by UDP, and by TCP when the reply is cut off. Every question has a socket, so a source port, and an identifier
/// of its own: an attacker must guess both (RFC 5452).
final class SocketExchange implements Exchange, AutoCloseable {

    /// Entering a namespace costs a thread, so sockets are opened some at a time.
    private static final int SOCKETS_AT_ONCE = 16;

    private static final int CLASS_IN = 1;

    private final NetworkNamespace namespace;
    private final SecureRandom random = new SecureRandom();
    private final Queue<DatagramChannel> spareV4 = new ConcurrentLinkedQueue<>();
    private final Queue<DatagramChannel> spareV6 = new ConcurrentLinkedQueue<>();

    SocketExchange(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    @Override
    public Answer ask(Upstream upstream, Question question, int timeoutMillis) throws IOException {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
        int id = random.nextInt(1 << 16);
        byte[] query = query(id, question);
        ReplyReader.Reply reply = askUdp(upstream, question, id, query, deadline);
        return reply.truncated()
                ? askTcp(upstream, question, id, query, deadline).answer()
                : reply.answer();
    }

    /// The same over one transport alone.
    Answer ask(Upstream upstream, Transport transport, Question question, int timeoutMillis) throws IOException {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
        int id = random.nextInt(1 << 16);
        byte[] query = query(id, question);
        return switch (transport) {
            case UDP -> askUdp(upstream, question, id, query, deadline).answer();
            case TCP -> askTcp(upstream, question, id, query, deadline).answer();
        };
    }

    private ReplyReader.Reply askUdp(Upstream upstream, Question question, int id, byte[] query, long deadline)
            throws IOException {
        try (DatagramChannel channel = openUdp(upstream.address().family())) {
            channel.connect(socketAddress(upstream));
            channel.write(ByteBuffer.wrap(query));
            DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
            while (true) {
                channel.socket().setSoTimeout(millisLeft(deadline, upstream));
                channel.socket().receive(packet);
                byte[] message = Arrays.copyOf(packet.getData(), packet.getLength());
                Optional<ReplyReader.Reply> reply = ReplyReader.read(message, id, question);
                if (reply.isPresent()) {
                    return reply.get();
                }
                packet.setLength(65535);
            }
        }
    }

    private ReplyReader.Reply askTcp(Upstream upstream, Question question, int id, byte[] query, long deadline)
            throws IOException {
        ProtocolFamily family = family(upstream.address().family());
        try (SocketChannel channel = namespace.call(() -> SocketChannel.open(family))) {
            channel.socket().connect(socketAddress(upstream), millisLeft(deadline, upstream));
            channel.socket().setSoTimeout(millisLeft(deadline, upstream));
            ByteBuffer framed = ByteBuffer.allocate(2 + query.length)
                    .putShort((short) query.length)
                    .put(query)
                    .flip();
            while (framed.hasRemaining()) {
                channel.write(framed);
            }
            DataInputStream in = new DataInputStream(channel.socket().getInputStream());
            byte[] message = new byte[in.readUnsignedShort()];
            in.readFully(message);
            return ReplyReader.read(message, id, question)
                    .filter(reply -> !reply.truncated())
                    .orElseThrow(() -> new IOException("upstream " + upstream + " sent no valid reply by TCP"));
        }
    }

    private static byte[] query(int id, Question question) {
        ByteBuffer out = ByteBuffer.allocate(12 + question.name().wireLength() + 4 + 11);
        out.putShort((short) id).putShort((short) 0x0100);
        out.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 1);
        out.put(question.name().toWire()).putShort((short) question.type()).putShort((short) CLASS_IN);
        out.put((byte) 0).putShort((short) RecordType.OPT.number()).putShort((short) AnswerWriter.EDNS_BYTES);
        out.putInt(0).putShort((short) 0);
        return out.array();
    }

    private static InetSocketAddress socketAddress(Upstream upstream) {
        return new InetSocketAddress(upstream.address().toInetAddress(), upstream.port());
    }

    private static int millisLeft(long deadline, Upstream upstream) throws SocketTimeoutException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("upstream " + upstream + " did not answer in time");
        }
        return (int) left;
    }

    private DatagramChannel openUdp(IpFamily family) throws IOException {
        Queue<DatagramChannel> spare = family == IpFamily.IPV4 ? spareV4 : spareV6;
        Optional<DatagramChannel> ready = Optional.ofNullable(spare.poll());
        if (ready.isPresent()) {
            return ready.get();
        }
        return namespace.call(() -> {
            for (int i = 1; i < SOCKETS_AT_ONCE; i++) {
                spare.add(DatagramChannel.open(family(family)));
            }
            return DatagramChannel.open(family(family));
        });
    }

    private static ProtocolFamily family(IpFamily family) {
        return family == IpFamily.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    @Override
    public void close() throws IOException {
        for (Queue<DatagramChannel> spare : List.of(spareV4, spareV6)) {
            for (DatagramChannel channel = spare.poll(); channel != null; channel = spare.poll()) {
                channel.close();
            }
        }
    }
}
