package dev.fairway.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Route;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.Sysctl;
import dev.fairway.table.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An edge, two nodes and a client on one segment, each a namespace; real connections, real probes.
class EdgeBalancerTest {

    private static final int NODE_PORT = 30080;
    private static final List<Cidr> POOLS = List.of(Cidr.parse("203.0.113.0/24"), Cidr.parse("2001:db8:203::/112"));
    private static final List<IpFamily> BOTH = List.of(IpFamily.IPV4, IpFamily.IPV6);

    private final Map<String, NetworkNamespace> places = new TreeMap<>();
    private final List<Closeable> servers = new ArrayList<>();
    private final Map<String, ServerSocket> health = new TreeMap<>();
    private EdgeBalancer balancer;

    @BeforeEach
    void build() throws IOException {
        for (String name : List.of("edge", "client", "n1", "n2", "lan")) {
            places.put(
                    name,
                    NetworkNamespace.create("fwt-eb" + ProcessHandle.current().pid() + "-" + name));
        }
        try (Rtnetlink lan = Rtnetlink.open(place("lan"))) {
            lan.addBridge("br");
            lan.setUp("br");
            join(lan, "n1", 1);
            join(lan, "n2", 2);
            join(lan, "client", 200);
            join(lan, "edge", 254);
        }
        try (Rtnetlink client = Rtnetlink.open(place("client"))) {
            client.addRoute(Route.via(POOLS.getFirst(), IpAddress.parse("198.51.100.254"), "eth0"));
            client.addRoute(Route.via(POOLS.getLast(), IpAddress.parse("2001:db8:100::fe"), "eth0"));
        }
        Sysctl.write(place("edge"), "net.ipv4.ip_forward", "1");
        Sysctl.write(place("edge"), "net.ipv6.conf.all.forwarding", "1");
        for (String node : List.of("n1", "n2")) {
            serve(node, NODE_PORT, node);
            startHealth(node);
        }
        start();
    }

    private void join(Rtnetlink lan, String name, int number) {
        lan.addVeth("to-" + name, "eth0", place(name));
        lan.setMaster("to-" + name, "br");
        lan.setUp("to-" + name);
        // an address that is still being checked for duplicates cannot be used
        Sysctl.write(place(name), "net.ipv6.conf.eth0.accept_dad", "0");
        try (Rtnetlink links = Rtnetlink.open(place(name))) {
            links.setUp("lo");
            links.setUp("eth0");
            links.addAddress("eth0", IpAddress.parse("198.51.100." + number), 24);
            links.addAddress("eth0", IpAddress.parse("2001:db8:100::" + Integer.toHexString(number)), 64);
        }
    }

    private NetworkNamespace place(String name) {
        return Objects.requireNonNull(places.get(name), name);
    }

    private void start() {
        balancer = EdgeBalancer.start(place("edge"), POOLS, Probe.healthz());
        balancer.setNodes(List.of(node("n1", 1), node("n2", 2)));
    }

    private static EdgeNode node(String name, int number) {
        return new EdgeNode(
                name, List.of(IpAddress.parse("198.51.100." + number), IpAddress.parse("2001:db8:100::" + number)));
    }

    @AfterEach
    void tearDown() throws IOException {
        balancer.close();
        for (Closeable server : servers) {
            server.close();
        }
        places.values().forEach(NetworkNamespace::delete);
    }

    private ServerSocket serve(String node, int port, String answer) throws IOException {
        ServerSocket server = place(node).<ServerSocket, IOException>call(() -> new ServerSocket(port, 512));
        servers.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException _) {
                    // closed by the test or left by the client
                }
            }
        });
        return server;
    }

    private void startHealth(String node) throws IOException {
        health.put(node, serve(node, 10256, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    }

    private void stopHealth(String node) throws IOException {
        Objects.requireNonNull(health.get(node), node).close();
    }

    private void awaitHealthy(int addresses) throws InterruptedException {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (balancer.healthy().size() != addresses && System.nanoTime() < deadline) {
            Thread.sleep(20); // the probes take their time; nothing to wait on
        }
        assertThat(balancer.healthy()).hasSize(addresses);
    }

    private Map<String, Integer> connections(IpAddress address, int times) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            counts.merge(connect(address), 1, Integer::sum);
        }
        return counts;
    }

    private String connect(IpAddress address) throws IOException {
        return place("client").<String, IOException>call(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address.toInetAddress(), 80), 2000);
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (ConnectException _) {
                return "refused";
            } catch (SocketTimeoutException _) {
                return "silent";
            }
        });
    }

    private static LoadBalancer web(List<IpAddress> wanted) {
        return new LoadBalancer("default/web", BOTH, wanted, List.of(new PortForward(Protocol.TCP, 80, NODE_PORT)));
    }

    @Test
    void connectionsTakeTurnsOverTheNodes() throws Exception {
        List<IpAddress> addresses = balancer.ensure(web(List.of()));
        awaitHealthy(4);

        assertThat(addresses).hasToString("[203.0.113.1, 2001:db8:203::1]");
        for (IpAddress address : addresses) {
            assertThat(connections(address, 40)).isEqualTo(Map.of("n1", 20, "n2", 20));
        }
    }

    @Test
    void aNodeThatFailsItsProbesGetsNothingUntilItAnswersAgain() throws Exception {
        IpAddress address = balancer.ensure(web(List.of())).getFirst();
        awaitHealthy(4);

        stopHealth("n2");
        awaitHealthy(2);
        assertThat(connections(address, 10)).isEqualTo(Map.of("n1", 10));

        stopHealth("n1");
        awaitHealthy(0);
        assertThat(connections(address, 3)).isEqualTo(Map.of("refused", 3));

        startHealth("n2");
        awaitHealthy(2);
        assertThat(connections(address, 10)).isEqualTo(Map.of("n2", 10));
    }

    @Test
    void aServiceWithAHealthPortGoesOnlyToNodesThatAnswerThere() throws Exception {
        ServerSocket onOne = serve("n1", 32000, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        serve("n2", 32000, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
        IpAddress everywhere = balancer.ensure(web(List.of())).getFirst();
        IpAddress local = balancer.ensure(new LoadBalancer(
                        "default/local",
                        BOTH,
                        List.of(),
                        List.of(new PortForward(Protocol.TCP, 80, NODE_PORT)),
                        List.of(),
                        32000))
                .getFirst();
        awaitHealthy(4);

        awaitConnections(local, Map.of("n1", 4));
        assertThat(connections(everywhere, 4)).isEqualTo(Map.of("n1", 2, "n2", 2));

        onOne.close();
        awaitConnections(local, Map.of("refused", 4));
        assertThat(balancer.healthy()).hasSize(4);
    }

    private void awaitConnections(IpAddress address, Map<String, Integer> wanted) throws Exception {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!connections(address, 4).equals(wanted) && System.nanoTime() < deadline) {
            Thread.sleep(50); // the probes take their time; nothing to wait on
        }
        assertThat(connections(address, 4)).isEqualTo(wanted);
    }

    @Test
    void onlyClientsInTheSourceRangesAreAnswered() throws Exception {
        List<IpAddress> addresses = balancer.ensure(onlyFor(List.of(), "192.0.2.0/24"));
        awaitHealthy(4);
        assertThat(connect(addresses.getFirst())).isEqualTo("silent");
        assertThat(connect(addresses.getLast())).as("no range of its family").isIn("n1", "n2");

        balancer.close();
        start();
        balancer.ensure(onlyFor(addresses, "192.0.2.0/24"));
        awaitHealthy(4);
        assertThat(connect(addresses.getFirst())).as("after a restart").isEqualTo("silent");

        balancer.ensure(onlyFor(addresses, "192.0.2.0/24", "198.51.100.128/25"));
        assertThat(connections(addresses.getFirst(), 2)).isEqualTo(Map.of("n1", 1, "n2", 1));
        balancer.ensure(onlyFor(addresses, "198.51.100.0/25"));
        assertThat(connect(addresses.getFirst())).isEqualTo("silent");
        balancer.ensure(web(addresses));
        assertThat(connections(addresses.getFirst(), 2)).isEqualTo(Map.of("n1", 1, "n2", 1));
    }

    private static LoadBalancer onlyFor(List<IpAddress> wanted, String... blocks) {
        return new LoadBalancer(
                "default/web",
                BOTH,
                wanted,
                List.of(new PortForward(Protocol.TCP, 80, NODE_PORT)),
                Stream.of(blocks).map(Cidr::parse).toList(),
                0);
    }

    @Test
    void aReleasedAddressAnswersNoMore() throws Exception {
        balancer.ensure(web(List.of()));
        balancer.release("default/web");

        try (Rtnetlink links = Rtnetlink.open(place("edge"))) {
            assertThat(links.addresses().toString()).doesNotContain("203.0.113.1");
        }
    }

    @Test
    void whatSomeoneElseHasChangedIsMadeAnew() throws Exception {
        IpAddress address = balancer.ensure(web(List.of())).getFirst();
        awaitHealthy(4);
        for (String damage : List.of("flush table ip fairway-edge", "delete table ip fairway-edge")) {
            Process nft =
                    new ProcessBuilder("ip", "netns", "exec", place("edge").name(), "nft", damage).start();
            assertThat(nft.waitFor()).as(damage).isZero();
            awaitConnections(address, Map.of("n1", 2, "n2", 2));
        }
        assertThat(EdgeBalancer.answered(place("edge"))).contains(address);
        balancer.release("default/web");
        assertThat(EdgeBalancer.answered(place("edge"))).doesNotContain(address);
    }

    @Test
    void aRestartGoesOnFromWhatIsThere() throws Exception {
        balancer.ensure(new LoadBalancer("default/old", BOTH, List.of(), List.of()));
        List<IpAddress> addresses = balancer.ensure(web(List.of()));
        awaitHealthy(4);
        balancer.close();

        assertThat(connections(addresses.getFirst(), 2)).isEqualTo(Map.of("n1", 1, "n2", 1));
        start();
        assertThat(connections(addresses.getFirst(), 2)).isEqualTo(Map.of("n1", 1, "n2", 1));
        awaitHealthy(4);
        assertThat(balancer.ensure(web(addresses))).isEqualTo(addresses);
        balancer.settle();
        assertThat(connections(addresses.getFirst(), 2)).isEqualTo(Map.of("n1", 1, "n2", 1));
    }
}
