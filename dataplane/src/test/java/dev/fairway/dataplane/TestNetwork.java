package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Sysctl;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Three nodes with real links, made of namespaces, and three hosts outside. Each of those comes to the Services'
/// addresses by a node of its own; a node without rules is a router. Every pod answers on port 8080, TCP and UDP, with
/// its own name and the client's address.
///
/// | place     | on       | IPv4                     | IPv6                         |
/// |-----------|----------|--------------------------|------------------------------|
/// | node      |          | 198.51.100.1, 172.31.0.1 | 2001:db8:100::1, fd00:172::1 |
/// | node-2    |          | 198.51.100.2, 172.31.0.2 | 2001:db8:100::2, fd00:172::2 |
/// | node-3    |          | 198.51.100.3, 172.31.0.3 | 2001:db8:100::3, fd00:172::3 |
/// | a         | node     | 10.244.1.2               | fd00:244:1::2                |
/// | b         | node     | 10.244.1.3               | fd00:244:1::3                |
/// | c         | node-2   | 10.244.2.2               | fd00:244:2::2                |
/// | d         | node-3   | 10.244.3.2               | fd00:244:3::2                |
/// | outside   | node     | 198.51.100.200           | 2001:db8:100::200            |
/// | outside-2 | node-2   | 198.51.100.202           | 2001:db8:100::202            |
/// | outside-3 | node-3   | 198.51.100.203           | 2001:db8:100::203            |
final class TestNetwork implements AutoCloseable {

    static final int TARGET_PORT = 8080;

    private final String prefix;
    private final Map<String, NetworkNamespace> places = new LinkedHashMap<>();
    private final List<Closeable> servers = new ArrayList<>();

    TestNetwork() throws Exception {
        this("");
    }

    /// @param mark tells networks of one process apart
    TestNetwork(String mark) throws Exception {
        prefix = "fwt-dp" + ProcessHandle.current().pid() + mark + "-";
        add("wires");
        ip("""
                -n @wires link add ext type bridge
                -n @wires link set ext up
                -n @wires link add int type bridge
                -n @wires link set int up
                """);
        outside("outside", 200, 1);
        outside("outside-2", 202, 2);
        outside("outside-3", 203, 3);
        node("node", 1);
        node("node-2", 2);
        node("node-3", 3);
        pod("a", "node", 1, 2);
        pod("b", "node", 1, 3);
        pod("c", "node-2", 2, 2);
        pod("d", "node-3", 3, 2);
    }

    private void add(String name) throws IOException {
        NetworkNamespace place = NetworkNamespace.create(prefix + name);
        places.put(name, place);
        // an address that is still being checked for duplicates cannot be used
        Sysctl.write(place, "net.ipv6.conf.default.accept_dad", "0");
        Sysctl.write(place, "net.ipv6.conf.all.accept_dad", "0");
    }

    NetworkNamespace place(String name) {
        return Objects.requireNonNull(places.get(name), name);
    }

    private void node(String name, int number) throws Exception {
        add(name);
        wire(name, "ext", "ext0", "198.51.100." + number, "2001:db8:100::" + number);
        wire(name, "int", "int0", "172.31.0." + number, "fd00:172::" + number);
        ip("""
                -n @%1$s link add pods type bridge
                -n @%1$s link set pods up
                -n @%1$s addr add 10.244.%2$d.1/24 dev pods
                -n @%1$s addr add fd00:244:%2$d::1/64 dev pods nodad
                -n @%1$s route add default via 198.51.100.200
                -n @%1$s route add default via 2001:db8:100::200
                """.formatted(name, number));
        for (int other = 1; other <= 3; other++) {
            if (other != number) {
                ip("""
                        -n @%1$s route add 10.244.%2$d.0/24 via 172.31.0.%2$d
                        -n @%1$s route add fd00:244:%2$d::/64 via fd00:172::%2$d
                        """.formatted(name, other));
            }
        }
        Sysctl.write(place(name), "net.ipv4.ip_forward", "1");
        Sysctl.write(place(name), "net.ipv6.conf.all.forwarding", "1");
        // each refusal must be told, however many there are
        Sysctl.write(place(name), "net.ipv4.icmp_ratelimit", "0");
        Sysctl.write(place(name), "net.ipv6.icmp.ratelimit", "0");
    }

    private void outside(String name, int number, int door) throws Exception {
        add(name);
        wire(name, "ext", "eth0", "198.51.100." + number, "2001:db8:100::" + number);
        ip("""
                -n @%1$s route add 203.0.113.0/24 via 198.51.100.%2$d
                -n @%1$s route add 192.0.2.0/24 via 198.51.100.%2$d
                -n @%1$s route add 10.96.0.0/16 via 198.51.100.%2$d
                -n @%1$s route add 2001:db8:203::/48 via 2001:db8:100::%2$d
                -n @%1$s route add fd00:10:96::/112 via 2001:db8:100::%2$d
                """.formatted(name, door));
    }

    private void wire(String place, String bridge, String link, String v4, String v6) throws Exception {
        ip("""
                -n @wires link add %2$s-%1$s type veth peer name %3$s netns @%1$s
                -n @wires link set %2$s-%1$s master %2$s up
                -n @%1$s link set lo up
                -n @%1$s link set %3$s up
                -n @%1$s addr add %4$s/24 dev %3$s
                -n @%1$s addr add %5$s/64 dev %3$s nodad
                """.formatted(place, bridge, link, v4, v6));
    }

    private void pod(String name, String node, int number, int host) throws Exception {
        add(name);
        String v4 = "10.244.%d.%d".formatted(number, host);
        String v6 = "fd00:244:%d::%d".formatted(number, host);
        ip("""
                -n @%2$s link add veth-%1$s type veth peer name eth0 netns @%1$s
                -n @%2$s link set veth-%1$s master pods up
                -n @%1$s link set lo up
                -n @%1$s link set eth0 up
                -n @%1$s addr add %4$s/24 dev eth0
                -n @%1$s addr add %5$s/64 dev eth0 nodad
                -n @%1$s route add default via 10.244.%3$d.1
                -n @%1$s route add default via fd00:244:%3$d::1
                """.formatted(name, node, number, v4, v6));
        // as the node sets it: a pod may be sent its own packets by way of a Service
        ip("-n @%s link set veth-%s type bridge_slave hairpin on".formatted(node, name));
        servers.addAll(TestTraffic.serve(place(name), name, v4, v6));
    }

    /// What the pods of the second node send to cluster IPs is left to the first one.
    void leaveClusterIpsToTheFirst() throws Exception {
        ip("-n @node-2 route add 10.96.0.0/16 via 172.31.0.1");
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

    /// Connects, and says which pod answered and whether it saw the client's own address: `a`, `a masqueraded`,
    /// `refused` or `silent`.
    String connect(String from, String protocol, String address, int port) throws Exception {
        return call(from, protocol, address, port).outcome();
    }

    TestTraffic.Heard call(String from, String protocol, String address, int port) throws Exception {
        InetSocketAddress to = new InetSocketAddress(IpAddress.parse(address).toInetAddress(), port);
        return place(from).call(() -> protocol.equals("tcp") ? TestTraffic.tcp(to) : TestTraffic.udp(to));
    }

    /// A client that keeps its port, so that all it sends is one flow.
    DatagramSocket flow(String from, String address, int port) throws Exception {
        DatagramSocket socket = place(from).call(() -> new DatagramSocket());
        socket.connect(IpAddress.parse(address).toInetAddress(), port);
        return socket;
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
