package dev.fairway.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.IpAddress;
import dev.fairway.dns.UpstreamResolver.Resolved;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two servers in a network namespace: one of the cluster, and one that stands for the rest of the world and has
/// example.com. The questions come from `dig`.
class DnsServerTest {

    private static final String NAMESPACE = "fwt-dns-" + ProcessHandle.current().pid();
    private static final List<IpAddress> LISTEN =
            List.of(IpAddress.parse("10.96.0.10"), IpAddress.parse("fd00:10:96::a"));
    private static final IpAddress OUTSIDE = IpAddress.parse("192.0.2.53");
    private static final String MANY = IntStream.range(0, 500)
            .mapToObj(i -> "=192.0.2.%d:".formatted(i % 250))
            .distinct()
            .collect(Collectors.joining(" "));

    private final TableFeed feed = new TableFeed();
    private final TableFeed world = new TableFeed();
    private NetworkNamespace namespace;
    private DnsServer outside;
    private DnsServer server;

    @BeforeEach
    void start() {
        namespace = NetworkNamespace.create(NAMESPACE);
        run("ip", "-n", NAMESPACE, "link", "set", "lo", "up");
        for (String address : List.of("10.96.0.10/32", "192.0.2.53/32", "fd00:10:96::a/128")) {
            run("ip", "-n", NAMESPACE, "addr", "add", address, "dev", "lo", "nodad");
        }
        DnsSettings worldSettings = new DnsSettings("com", List.of(), List.of());
        outside = DnsServer.start(namespace, List.of(OUTSIDE), 53, world, worldSettings);
        publish(
                world,
                ServiceTable.of(
                        1,
                        List.of(
                                Zones.addresses("example/www", "192.0.2.80 2001:db8::80", ""),
                                Zones.headless("example/many", MANY)),
                        List.of("example")));
        awaitRevision(outside, 1);
        DnsSettings settings = new DnsSettings(
                "cluster.local",
                Zones.REVERSE,
                List.of(new Upstream(IpAddress.parse("192.0.2.53"), 9), Upstream.of(OUTSIDE)));
        server = DnsServer.start(namespace, LISTEN, 53, feed, settings);
    }

    @AfterEach
    void stop() {
        server.close();
        outside.close();
        namespace.delete();
    }

    @Test
    void aServerThatListensNowhereMakesItsZoneWhenItIsAsked() {
        DnsSettings settings = new DnsSettings("cluster.local", Zones.REVERSE, List.of());
        try (DnsServer quiet = DnsServer.start(namespace, List.of(), 53, feed, settings)) {
            assertThat(quiet.localAnswer("web.default.svc.cluster.local", RecordType.A)
                            .rcode())
                    .isEqualTo(Rcode.SERVFAIL);
            publish(
                    feed,
                    ServiceTable.of(1, List.of(Zones.addresses("default/web", "10.96.0.1", "")), List.of("default")));

            assertThat(quiet.revision()).isZero();
            assertThat(quiet.localAnswer("web.default.svc.cluster.local", RecordType.A)
                            .rcode())
                    .isEqualTo(Rcode.NOERROR);
            assertThat(quiet.revision()).isEqualTo(1);
        }
    }

    @Test
    void answersServfailUntilTheFirstTableAndThenTheNames() {
        assertThat(status("web.default.svc.cluster.local")).isEqualTo("SERVFAIL");
        publish(feed, Zones.TABLE);
        awaitRevision(server, 7);

        assertThat(dig("+short", "web.default.svc.cluster.local")).isEqualTo("10.96.0.5");
        assertThat(dig("+short", "@fd00:10:96::a", "web.default.svc.cluster.local", "AAAA"))
                .isEqualTo("fd00:10:96::5");
        assertThat(dig("+short", "+tcp", "-x", "10.244.1.1")).isEqualTo("db-0.db.default.svc.cluster.local.");
        assertThat(status("none.default.svc.cluster.local")).isEqualTo("NXDOMAIN");
        assertThat(dig("none.default.svc.cluster.local")).contains("EDE: 0 (Other): (no Service none in namespace");
    }

    @Test
    void aNewTableIsAnsweredAtOnce() {
        publish(feed, table(1, Zones.addresses("default/web", "10.96.0.5", "")));
        awaitRevision(server, 1);
        assertThat(dig("+short", "web.default.svc.cluster.local")).isEqualTo("10.96.0.5");
        publish(feed, table(2, Zones.addresses("default/web", "10.96.0.7", "")));
        awaitRevision(server, 2);

        assertThat(dig("+short", "web.default.svc.cluster.local")).isEqualTo("10.96.0.7");
    }

    @Test
    void otherNamesAreAskedUpstreamPastADeadServer() {
        assertThat(dig("+short", "www.example.svc.com")).isEqualTo("192.0.2.80");
        assertThat(status("none.example.svc.com")).isEqualTo("NXDOMAIN");
        assertThat(dig("+short", "www.example.svc.com", "AAAA")).isEqualTo("2001:db8::80");
    }

    @Test
    void bigAnswersFromUpstreamComeByTcp() {
        assertThat(dig("+short", "+tcp", "many.example.svc.com").lines()).hasSize(250);
        assertThat(dig("+ignore", "many.example.svc.com")).contains(" tc ");
        assertThat(dig("+short", "many.example.svc.com").lines()).hasSize(250);
    }

    @Test
    void anExternalNameIsFollowedToItsAddress() {
        publish(feed, table(1, Zones.alias("default/out", "www.example.svc.com")));
        awaitRevision(server, 1);

        assertThat(dig("+short", "out.default.svc.cluster.local")).isEqualTo("www.example.svc.com.\n192.0.2.80");
        assertThat(server.resolver()
                        .resolve("out.default.svc.cluster.local", EnumSet.of(RecordType.A, RecordType.AAAA)))
                .isEqualTo(
                        new Resolved.Found(List.of(IpAddress.parse("192.0.2.80"), IpAddress.parse("2001:db8::80")), 5));
    }

    @Test
    void oneConnectionAsksManyQuestions() {
        publish(feed, Zones.TABLE);
        awaitRevision(server, 7);
        assertThat(dig(
                        "+short",
                        "+tcp",
                        "+keepopen",
                        "web.default.svc.cluster.local",
                        "plain.default.svc.cluster.local"))
                .isEqualTo("10.96.0.5\n10.96.0.6");
    }

    @Test
    void silentConnectionsDoNotKeepOthersOut() throws IOException {
        publish(feed, Zones.TABLE);
        awaitRevision(server, 7);
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < TcpListener.MAX_CONNECTIONS + 20; i++) {
                silent.add(namespace.call(() -> {
                    Socket socket = new Socket();
                    socket.connect(new InetSocketAddress(LISTEN.getFirst().toInetAddress(), 53), 2000);
                    return socket;
                }));
            }
            assertThat(dig("+short", "+tcp", "web.default.svc.cluster.local")).isEqualTo("10.96.0.5");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void localAnswersNeedNoSocket() {
        publish(feed, Zones.TABLE);
        awaitRevision(server, 7);
        assertThat(server.localAnswer("web.default.svc.cluster.local", RecordType.A)
                        .answers())
                .extracting(ResourceRecord::toString)
                .containsExactly("web.default.svc.cluster.local. 5 IN A 10.96.0.5");
    }

    @Test
    void upstreamCanBeAskedFromElsewhere() {
        NetworkNamespace secluded = NetworkNamespace.create(NAMESPACE + "-b");
        DnsSettings settings = new DnsSettings("cluster.local", List.of(), List.of(Upstream.of(OUTSIDE)));
        try (DnsServer cut = DnsServer.start(secluded, List.of(), 53, feed, settings);
                DnsServer bridged = DnsServer.start(secluded, List.of(), 53, feed, settings, namespace)) {
            assertThat(cut.localAnswer("www.example.svc.com", RecordType.A).rcode())
                    .isEqualTo(Rcode.SERVFAIL);
            assertThat(bridged.localAnswer("www.example.svc.com", RecordType.A).rcode())
                    .isEqualTo(Rcode.NOERROR);
        } finally {
            secluded.delete();
        }
    }

    @Test
    void aTakenAddressIsNamed() {
        assertThatThrownBy(() -> DnsServer.start(
                        namespace, LISTEN, 53, feed, new DnsSettings("cluster.local", List.of(), List.of())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("10.96.0.10:53")
                .hasMessageContaining(NAMESPACE);
    }

    private static ServiceTable table(long revision, ServiceEntry... entries) {
        return ServiceTable.of(revision, List.of(entries), List.of("default"));
    }

    private static void publish(TableFeed feed, ServiceTable table) {
        feed.publish(table);
    }

    private static void awaitRevision(DnsServer server, long revision) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (server.revision() < revision) {
            assertThat(System.nanoTime())
                    .as("revision %d is served in time", revision)
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static String status(String name) {
        return dig(name)
                .lines()
                .filter(line -> line.contains("status: "))
                .map(line -> line.replaceAll(".*status: (\\w+),.*", "$1"))
                .findFirst()
                .orElse("none");
    }

    /// `dig` asks 10.96.0.10 unless told otherwise.
    private static String dig(String... arguments) {
        boolean other = Stream.of(arguments).anyMatch(word -> word.startsWith("@"));
        Stream<String> command = Stream.of(
                "ip", "netns", "exec", NAMESPACE, "dig", "+time=3", "+tries=1", other ? "+qr" : "@10.96.0.10");
        return run(Stream.concat(command.filter(word -> !word.equals("+qr")), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor())
                    .as("%s%n%s", String.join(" ", command), output)
                    .isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
