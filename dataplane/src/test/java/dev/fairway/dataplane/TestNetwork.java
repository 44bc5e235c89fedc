package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Sysctl;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A node with real links, made of namespaces: pods `a` and `b` on the node's bridge, pod `c` on another node, and a
/// host outside. Every pod answers on port 8080, TCP and UDP, with its own address and the client's.
///
/// | place     | IPv4                         | IPv6                         |
/// |-----------|------------------------------|------------------------------|
/// | node      | 198.51.100.1, 172.31.0.1     | 2001:db8:100::1, fd00:172::1 |
/// | a, b      | 10.244.1.2, 10.244.1.3       | fd00:244:1::2, fd00:244:1::3 |
/// | c         | 10.244.2.2 behind 172.31.0.2 | fd00:244:2::2                |
/// | outside   | 198.51.100.200               | 2001:db8:100::200            |
final class TestNetwork implements AutoCloseable {

    static final int TARGET_PORT = 8080;
    private static final int TIMEOUT_MILLIS = 700;

    private final String prefix = "fwt-dp" + ProcessHandle.current().pid() + "-";
    private final Map<String, NetworkNamespace> places = new LinkedHashMap<>();
    private final List<Closeable> servers = new ArrayList<>();

    TestNetwork() throws Exception {
        for (String place : List.of("node", "a", "b", "c", "outside")) {
            places.put(place, NetworkNamespace.create(prefix + place));
            // an address that is still being checked for duplicates cannot be used
            Sysctl.write(place(place), "net.ipv6.conf.default.accept_dad", "0");
            Sysctl.write(place(place), "net.ipv6.conf.all.accept_dad", "0");
        }
        ip("""
                -n @node link add pods type bridge
                -n @node link set pods up
                -n @node addr add 10.244.1.1/24 dev pods
                -n @node addr add fd00:244:1::1/64 dev pods nodad
                """);
        pod("a", 2);
        pod("b", 3);
        link("ext0", "outside", "198.51.100.1/24", "198.51.100.200/24", "2001:db8:100::1/64", "2001:db8:100::200/64");
        link("int0", "c", "172.31.0.1/24", "172.31.0.2/24", "fd00:172::1/64", "fd00:172::2/64");
        ip("""
                -n @node route add default via 198.51.100.200
                -n @node route add default via 2001:db8:100::200
                -n @node route add 10.244.2.0/24 via 172.31.0.2
                -n @node route add fd00:244:2::/64 via fd00:172::2
                -n @outside route add 203.0.113.0/24 via 198.51.100.1
                -n @outside route add 192.0.2.0/24 via 198.51.100.1
                -n @outside route add 10.96.0.0/16 via 198.51.100.1
                -n @outside route add 2001:db8:203::/48 via 2001:db8:100::1
                -n @outside route add fd00:10:96::/112 via 2001:db8:100::1
                -n @c addr add 10.244.2.2/32 dev lo
                -n @c addr add fd00:244:2::2/128 dev lo nodad
                -n @c route add default via 172.31.0.1 src 10.244.2.2
                -n @c route add default via fd00:172::1 src fd00:244:2::2
                -n @c route add 10.244.1.0/24 via 172.31.0.1 src 10.244.2.2
                """);
        for (String setting : List.of(
                "net.ipv4.ip_forward=1",
                "net.ipv6.conf.all.forwarding=1",
                // each refusal must be told, however many there are
                "net.ipv4.icmp_ratelimit=0",
                "net.ipv6.icmp.ratelimit=0")) {
            String[] words = setting.split("=");
            Sysctl.write(place("node"), words[0], words[1]);
        }
        serve("a", "10.244.1.2", "fd00:244:1::2");
        serve("b", "10.244.1.3", "fd00:244:1::3");
        serve("c", "10.244.2.2", "fd00:244:2::2");
    }

    NetworkNamespace place(String name) {
        return java.util.Objects.requireNonNull(places.get(name), name);
    }

    private void pod(String name, int number) throws Exception {
        ip("""
                -n @node link add veth-%1$s type veth peer name eth0 netns @%1$s
                -n @node link set veth-%1$s master pods up
                -n @%1$s link set lo up
                -n @%1$s link set eth0 up
                -n @%1$s addr add 10.244.1.%2$d/24 dev eth0
                -n @%1$s addr add fd00:244:1::%2$d/64 dev eth0 nodad
                -n @%1$s route add default via 10.244.1.1
                -n @%1$s route add default via fd00:244:1::1
                """.formatted(name, number));
        // as the node sets it: a pod may be sent its own packets by way of a Service
        ip("-n @node link set veth-%s type bridge_slave hairpin on".formatted(name));
    }

    private void link(String name, String place, String... addresses) throws Exception {
        ip("""
                -n @node link add %1$s type veth peer name eth0 netns @%2$s
                -n @node link set lo up
                -n @node link set %1$s up
                -n @%2$s link set lo up
                -n @%2$s link set eth0 up
                -n @node addr add %3$s dev %1$s
                -n @%2$s addr add %4$s dev eth0
                -n @node addr add %5$s dev %1$s nodad
                -n @%2$s addr add %6$s dev eth0 nodad
                """.formatted(name, place, addresses[0], addresses[1], addresses[2], addresses[3]));
    }

    /// From here on 127.0.0.1 is no longer special to routes, and the host outside looks for it at the node.
    void openLoopback() throws Exception {
        for (String place : List.of("node", "outside")) {
            Sysctl.write(place(place), "net.ipv4.conf.all.route_localnet", "1");
        }
        ip("""
                -n @outside link set lo down
                -n @outside route add 127.0.0.0/8 via 198.51.100.1
                """);
    }

    private void ip(String script) throws Exception {
        for (String line : script.strip().split("\n")) {
            List<String> command = new ArrayList<>(List.of("ip"));
            command.addAll(List.of(line.replace("@", prefix).strip().split(" +")));
            run(command.toArray(String[]::new));
        }
    }

    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    /// A datagram's answer must come from the address that it was sent to, so UDP has a socket for each.
    private void serve(String pod, String... addresses) throws Exception {
        ServerSocket tcp = place(pod).call(() -> new ServerSocket(TARGET_PORT, 1024));
        servers.add(tcp);
        Thread.ofVirtual().start(() -> serve(pod, tcp));
        for (String address : addresses) {
            InetSocketAddress at =
                    new InetSocketAddress(IpAddress.parse(address).toInetAddress(), TARGET_PORT);
            DatagramSocket udp = place(pod).call(() -> new DatagramSocket(at));
            servers.add(udp);
            Thread.ofPlatform().daemon().start(() -> serve(pod, udp));
        }
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

    /// Connects, and says which pod answered and whether it saw the client's own address: `a`, `a masqueraded`,
    /// `refused` or `silent`.
    String connect(String from, String protocol, String address, int port) throws Exception {
        InetSocketAddress to = new InetSocketAddress(IpAddress.parse(address).toInetAddress(), port);
        return place(from).call(() -> protocol.equals("tcp") ? tcp(to) : udp(to));
    }

    private static String tcp(InetSocketAddress to) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(to, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return outcome(
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                    IpAddress.of(socket.getLocalAddress()));
        } catch (ConnectException _) {
            return "refused";
        } catch (SocketTimeoutException _) {
            return "silent";
        }
    }

    private static String udp(InetSocketAddress to) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(to);
            return ask(socket);
        }
    }

    /// A client that keeps its port, so that all it sends is one flow.
    DatagramSocket flow(String from, String address, int port) throws Exception {
        DatagramSocket socket = place(from).call(() -> new DatagramSocket());
        socket.connect(IpAddress.parse(address).toInetAddress(), port);
        return socket;
    }

    /// Sends a packet and tells the outcome, like `connect`.
    static String ask(DatagramSocket socket) throws IOException {
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            byte[] answer = new byte[100];
            send(socket);
            DatagramPacket packet = new DatagramPacket(answer, answer.length);
            socket.receive(packet);
            String text = new String(answer, 0, packet.getLength(), StandardCharsets.UTF_8);
            return outcome(text, IpAddress.of(socket.getLocalAddress()));
        } catch (PortUnreachableException _) {
            return "refused";
        } catch (SocketTimeoutException _) {
            return "silent";
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

    private static String outcome(String answer, IpAddress mine) {
        String[] words = answer.split(" ");
        return words[0] + (words[1].equals(mine.toString()) ? "" : " masqueraded");
    }

    String nftList() throws Exception {
        return run("ip", "netns", "exec", prefix + "node", "nft", "list", "ruleset");
    }

    @Override
    public void close() throws IOException {
        for (Closeable server : servers) {
            server.close();
        }
        places.values().forEach(NetworkNamespace::delete);
    }
}
