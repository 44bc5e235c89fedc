package dev.fairway.app.demo;

import com.sun.net.httpserver.HttpServer;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The world outside for the last step: a server at `remote.server.url.com:443` and the name server that knows it, both
/// on the outside host.
final class RemoteServer implements AutoCloseable {

    static final String NAME = "remote.server.url.com";
    static final int PORT = 443;

    private static final int HEADER_BYTES = 12;
    private static final int TTL_SECONDS = 5;

    private final IpAddress address;
    private final HttpServer http;
    private final DatagramChannel dns;

    private RemoteServer(IpAddress address, HttpServer http, DatagramChannel dns) {
        this.address = address;
        this.http = http;
        this.dns = dns;
    }

    static RemoteServer start(NetworkNamespace outside, IpAddress address) throws Exception {
        RemoteServer server = outside.call(() -> {
            HttpServer http = HttpServer.create(new InetSocketAddress(address.toInetAddress(), PORT), 16);
            DatagramChannel dns = DatagramChannel.open();
            dns.bind(new InetSocketAddress(address.toInetAddress(), 53));
            return new RemoteServer(address, http, dns);
        });
        // Threads must not be started inside: they would stay in that namespace for good.
        server.serve();
        return server;
    }

    private void serve() {
        byte[] body = ("server=" + NAME + "\n").getBytes(StandardCharsets.UTF_8);
        http.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        Thread.ofVirtual().name("demo-dns").start(this::answerNames);
    }

    private void answerNames() {
        ByteBuffer packet = ByteBuffer.allocate(512);
        try {
            while (true) {
                packet.clear();
                var client = dns.receive(packet);
                packet.flip();
                if (packet.remaining() > HEADER_BYTES) {
                    dns.send(answer(packet), client);
                }
            }
        } catch (ClosedChannelException _) {
            return; // closed by close(): the demo is over
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("demo name server on " + address, e);
        }
    }

    /// One A record for our name, an empty answer for its other types, NXDOMAIN for other names (RFC 1035, 4.1).
    private ByteBuffer answer(ByteBuffer query) {
        byte[] bytes = new byte[query.remaining()];
        query.get(bytes);
        int at = HEADER_BYTES;
        StringBuilder name = new StringBuilder();
        while (at < bytes.length && bytes[at] > 0 && at + bytes[at] < bytes.length) {
            name.append(new String(bytes, at + 1, bytes[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += bytes[at] + 1;
        }
        int questionEnd = Math.min(bytes.length, at + 5);
        boolean known = name.toString().toLowerCase(Locale.ROOT).equals(NAME + ".");
        boolean asksA = questionEnd == at + 5 && bytes[at + 2] == 1;
        ByteBuffer reply = ByteBuffer.allocate(questionEnd + 16);
        reply.put(bytes, 0, 2).putShort((short) (known ? 0x8580 : 0x8583)).putShort((short) 1);
        reply.putShort((short) (known && asksA ? 1 : 0)).putInt(0);
        reply.put(bytes, HEADER_BYTES, questionEnd - HEADER_BYTES);
        if (known && asksA) {
            reply.putShort((short) 0xc00c)
                    .putShort((short) 1)
                    .putShort((short) 1)
                    .putInt(TTL_SECONDS);
            reply.putShort((short) 4).put(address.toBytes());
        }
        return reply.flip();
    }

    @Override
    public void close() throws IOException {
        http.stop(0);
        dns.close();
    }
}
