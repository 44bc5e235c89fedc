package dev.fairway.scenarios;

import com.sun.net.httpserver.HttpServer;
import dev.fairway.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A server outside the cluster at `remote.server.url.com:443`, and the name server that knows its name.
final class OutsideWorld implements AutoCloseable {

    static final String NAME = "remote.server.url.com";

    private final InetAddress address;
    private final HttpServer http;
    private final DatagramSocket dns;

    private OutsideWorld(InetAddress address, HttpServer http, DatagramSocket dns) {
        this.address = address;
        this.http = http;
        this.dns = dns;
    }

    static OutsideWorld start(NetworkNamespace outside, String address) throws Exception {
        InetAddress here = InetAddress.getByName(address);
        OutsideWorld world = outside.call(() -> {
            HttpServer http = HttpServer.create(new InetSocketAddress(here, 443), 64);
            DatagramSocket dns = new DatagramSocket(new InetSocketAddress(here, 53));
            return new OutsideWorld(here, http, dns);
        });
        // Threads must not be started inside: they would stay in that namespace for good.
        world.serve();
        return world;
    }

    private void serve() {
        byte[] body = ("server=" + NAME + "\n").getBytes(StandardCharsets.UTF_8);
        http.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        Thread.ofPlatform().daemon().name("outside-dns").start(this::answerNames);
    }

    private void answerNames() {
        byte[] buffer = new byte[1500];
        while (!dns.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                dns.receive(packet);
                byte[] reply = answer(new Message(java.util.Arrays.copyOf(buffer, packet.getLength())))
                        .toWire();
                dns.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private Message answer(Message query) throws IOException {
        Record question = query.getQuestion();
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.AA);
        reply.addRecord(question, Section.QUESTION);
        if (!question.getName().equals(Name.fromString(NAME + "."))) {
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
        } else if (question.getType() == Type.A && address.getAddress().length == 4) {
            reply.addRecord(new ARecord(question.getName(), DClass.IN, 5, address), Section.ANSWER);
        } else if (question.getType() == Type.AAAA && address.getAddress().length == 16) {
            reply.addRecord(new AAAARecord(question.getName(), DClass.IN, 5, address), Section.ANSWER);
        }
        return reply;
    }

    @Override
    public void close() {
        http.stop(0);
        dns.close();
    }
}
