package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Servers that say who they are and whom they see, and clients that tell what they heard.
final class TestTraffic {

    private static final int TIMEOUT_MILLIS = 700;

    private TestTraffic() {}

    /// @param said `refused`, `silent`, or the server's name and the address that it saw
    /// @param own the address that the client used
    record Heard(String said, IpAddress own) {

        /// As `TestNetwork.connect` tells it.
        String outcome() {
            String[] words = said.split(" ");
            boolean seen = words.length == 1 || words[1].equals(own.toString());
            return words[0] + (seen ? "" : " masqueraded");
        }
    }

    /// A datagram's answer must come from the address that it was sent to, so UDP has a socket for each.
    static List<Closeable> serve(NetworkNamespace place, String name, String... addresses) throws Exception {
        List<Closeable> servers = new ArrayList<>();
        ServerSocket tcp = place.call(() -> new ServerSocket(TestNetwork.TARGET_PORT, 1024));
        servers.add(tcp);
        Thread.ofVirtual().start(() -> serve(name, tcp));
        for (String address : addresses) {
            InetSocketAddress at =
                    new InetSocketAddress(IpAddress.parse(address).toInetAddress(), TestNetwork.TARGET_PORT);
            DatagramSocket udp = place.call(() -> new DatagramSocket(at));
            servers.add(udp);
            Thread.ofPlatform().daemon().start(() -> serve(name, udp));
        }
        return servers;
    }

    private static void serve(String pod, ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write(answer(pod, (InetSocketAddress) socket.getRemoteSocketAddress()));
            } catch (IOException _) {
                // the test is over, or the client went away: the client tells
            }
        }
    }

    private static void serve(String pod, DatagramSocket server) {
        byte[] buffer = new byte[100];
        while (!server.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                server.receive(packet);
                byte[] answer = answer(pod, (InetSocketAddress) packet.getSocketAddress());
                server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException _) {
                // as above
            }
        }
    }

    private static byte[] answer(String pod, InetSocketAddress client) {
        return (pod + " " + IpAddress.of(client.getAddress())).getBytes(StandardCharsets.UTF_8);
    }

    static Heard tcp(InetSocketAddress to) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(to, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return new Heard(
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                    IpAddress.of(socket.getLocalAddress()));
        } catch (ConnectException _) {
            return new Heard("refused", IpAddress.of(to.getAddress()));
        } catch (SocketTimeoutException _) {
            return new Heard("silent", IpAddress.of(to.getAddress()));
        }
    }

    static Heard udp(InetSocketAddress to) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(to);
            return heard(socket);
        }
    }

    /// Sends a packet and tells the outcome, like `connect`.
    static String ask(DatagramSocket socket) throws IOException {
        return heard(socket).outcome();
    }

    private static Heard heard(DatagramSocket socket) throws IOException {
        IpAddress own = IpAddress.of(socket.getLocalAddress());
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            byte[] answer = new byte[100];
            send(socket);
            DatagramPacket packet = new DatagramPacket(answer, answer.length);
            socket.receive(packet);
            String text = new String(answer, 0, packet.getLength(), StandardCharsets.UTF_8);
            return new Heard(text, own);
        } catch (PortUnreachableException _) {
            return new Heard("refused", own);
        } catch (SocketTimeoutException _) {
            return new Heard("silent", own);
        }
    }

    private static void send(DatagramSocket socket) throws IOException {
        try {
            socket.send(new DatagramPacket(new byte[1], 1));
        } catch (PortUnreachableException e) {
            throw e;
        } catch (IOException e) {
            // stopped in the sender's own output hook: whether with an answer is seen when receiving
            if (!String.valueOf(e.getMessage()).contains("Operation not permitted")) {
                throw e;
            }
        }
    }
}
