package dev.fairway.dataplane;

import static dev.fairway.dataplane.Tables.port;
import static dev.fairway.dataplane.Tables.remote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.NameEntry;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.SessionAffinity;
import dev.fairway.table.TableFeed;
import dev.fairway.table.TrafficPolicy;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of TCP connections whose endpoint ends: on the real kernel, with clients that keep them open.
class DrainTest {

    private static final int ECHO_PORT = 9090;
    private static final int PATIENCE_MILLIS = 8_000;

    private static TestNetwork network;
    private static ServerSocket echo;

    private TableFeed feed;
    private Dataplane dataplane;
    private long revision;

    @BeforeAll
    static void build() throws Exception {
        network = new TestNetwork();
        echo = network.place("a").call(() -> new ServerSocket(ECHO_PORT));
        Thread.ofVirtual().start(DrainTest::accept);
    }

    private static void accept() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Thread.ofVirtual().start(() -> echo(client));
            } catch (IOException over) {
                return;
            }
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException ended) {
            // as the test wants it
        }
    }

    @AfterAll
    static void tearDown() throws Exception {
        echo.close();
        network.close();
    }

    @BeforeEach
    void start() {
        feed = new TableFeed();
        dataplane = Dataplane.start(network.place("node"), Tables.NODE, feed);
    }

    @AfterEach
    void stop() {
        dataplane.removeRules();
    }

    @Test
    void connectionsAreCountedAndStayAsLongAsTheyLike() throws Exception {
        publish(OptionalInt.empty(), serving(A));
        try (Socket client = connect("b", "10.96.0.1", 80);
                Socket other = connect("outside", "198.51.100.1", 30080)) {
            publish(OptionalInt.empty(), ending(A, true));
            awaitConnections(2);

            publish(OptionalInt.empty(), ending(A, false));
            awaitConnections(2);
            assertThat(answers(client)).isTrue();
            assertThat(answers(other)).isTrue();
            client.shutdownOutput();
            awaitConnections(1);
        }
    }

    @Test
    void theDeadlineClosesThem() throws Exception {
        publish(OptionalInt.of(1), serving(A));
        try (Socket pod = connect("b", "10.96.0.1", 80);
                Socket outside = connect("outside", "198.51.100.1", 30080);
                Socket node = connect("node", "10.96.0.1", 80);
                Socket direct = connect("b", "10.244.1.2", ECHO_PORT)) {
            publish(OptionalInt.of(1), ending(A, true));
            assertThat(answers(pod)).isTrue(); // not at once

            assertThatThrownBy(() -> node.getInputStream().read()) // and it sends nothing itself
                    .isInstanceOf(SocketException.class);
            awaitConnections(0);
            assertThatThrownBy(() -> untilRefused(pod)).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> untilRefused(outside)).isInstanceOf(SocketException.class);
            assertThat(answers(direct)).as("no Service led it there").isTrue();
        }
    }

    @Test
    void whatEndsWithoutServingIsClosedAtOnce() throws Exception {
        publish(OptionalInt.of(3_600), serving(A));
        try (Socket client = connect("node", "10.96.0.1", 80)) {
            publish(OptionalInt.of(3_600), ending(A, true));
            awaitConnections(1);
            publish(OptionalInt.of(3_600), ending(A, false));
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void whatIsGoneIsClosedAtOnceAndWhatIsNotReadyIsNot() throws Exception {
        publish(OptionalInt.of(3_600), serving(A));
        try (Socket client = connect("node", "10.96.0.1", 80)) {
            publish(OptionalInt.of(3_600), unready(A));
            publish(OptionalInt.of(3_600), ending(A, true));
            awaitConnections(1);
            assertThat(answers(client)).isTrue();

            publish(OptionalInt.of(3_600), serving());
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    private static final Backend A = new Backend(IpAddress.parse("10.244.1.2"), ECHO_PORT, true);
    private static final Backend OTHER = remote("10.244.2.2");

    private static PortEntry serving(Backend... backends) {
        return port(
                Protocol.TCP,
                "cluster:10.96.0.1:80 node4:30080",
                backends.length == 0 ? new Backend[] {OTHER} : backends);
    }

    /// Another endpoint has taken over.
    private static PortEntry ending(Backend backend, boolean serves) {
        PortEntry port = serving();
        List<Backend> all = serves ? List.of(backend, OTHER) : List.of(OTHER);
        return new PortEntry(
                "",
                Protocol.TCP,
                80,
                port.frontends(),
                port.backends(),
                port.local(),
                all,
                List.of(backend),
                List.of());
    }

    private static PortEntry unready(Backend backend) {
        PortEntry port = serving();
        return new PortEntry(
                "",
                Protocol.TCP,
                80,
                port.frontends(),
                port.backends(),
                port.local(),
                port.serving(),
                List.of(),
                List.of(backend));
    }

    private void publish(OptionalInt drainSeconds, PortEntry port) throws InterruptedException {
        ServiceEntry entry = new ServiceEntry(
                new ServiceName("default", "web"),
                new NameEntry.Addresses(List.of()),
                List.of(port),
                Balancing.RANDOM,
                TrafficPolicy.OPEN,
                SessionAffinity.NONE,
                drainSeconds,
                true);
        feed.publish(Tables.table(++revision, entry));
        assertThat(dataplane.awaitRealized(revision, PATIENCE_MILLIS)).isTrue();
    }

    private static Socket connect(String from, String address, int port) throws Exception {
        Socket socket = network.place(from).call(() -> new Socket(address, port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        assertThat(answers(socket)).isTrue();
        return socket;
    }

    private static boolean answers(Socket socket) throws IOException {
        socket.getOutputStream().write(7);
        return socket.getInputStream().read() == 7;
    }

    private static void untilRefused(Socket socket) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        while (System.nanoTime() < end && answers(socket)) {
            Thread.sleep(20);
        }
    }

    private void awaitConnections(int wanted) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        while (System.nanoTime() < end
                && !dataplane.draining().stream()
                        .map(DrainCount::connections)
                        .toList()
                        .equals(List.of(wanted))) {
            Thread.sleep(20);
        }
        assertThat(dataplane.draining()).singleElement().satisfies(count -> {
            assertThat(count.connections()).isEqualTo(wanted);
            assertThat(count.address().withPort(count.number())).isEqualTo("10.244.1.2:" + ECHO_PORT);
            assertThat(count.service()).isEqualTo(new ServiceName("default", "web"));
        });
    }
}
