package dev.fairway.node;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.Dataplane;
import dev.fairway.dataplane.NodeAddresses;
import dev.fairway.dns.DnsServer;
import dev.fairway.dns.DnsSettings;
import dev.fairway.node.HealthServer.Health;
import dev.fairway.node.pod.PodFiles.ClusterDns;
import dev.fairway.node.pod.PodRuntime;
import dev.fairway.resolve.Resolution;
import dev.fairway.schema.Quantity;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.table.Realized;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One node: it registers itself, keeps the data plane and DNS as the API says, runs its pods, and tells load balancers
/// how it is.
///
/// ```
/// API -> TableLoop -> TableFeed -> Dataplane, DnsServer
/// API -> PodRuntime -> API
/// ```
public final class NodeAgent implements AutoCloseable, PodAccess {

    private static final int DNS_PORT = 53;
    private static final int CONNECT_MILLIS_MAX = 5_000;

    /// How long the data plane may be behind before load balancers are told to stay away.
    private static final Duration BEHIND_MAX = Duration.ofSeconds(60);

    private final NodeSpec spec;
    private final Clock clock;
    private final TableFeed feed;
    private final TableLoop tables;
    private final Dataplane dataplane;
    private final DnsServer dns;
    private final ExternalNames externalNames;
    private final PodRuntime pods;
    private final PodAccess access;
    private final HealthServer health;
    private final ServiceHealthPorts serviceHealth;
    private final Heartbeat heartbeat;
    private Instant lastInSync;

    private NodeAgent(NodeSpec spec, ApiClient client, Clock clock) {
        this.spec = spec;
        this.clock = clock;
        this.lastInSync = clock.instant();
        this.feed = new TableFeed();
        this.tables = TableLoop.start(spec, client, feed);
        this.dataplane = Dataplane.start(spec.namespace(), addresses(spec), feed);
        this.dns = DnsServer.start(
                spec.namespace(),
                spec.dnsServed() ? spec.network().dnsAddresses() : List.of(),
                DNS_PORT,
                feed,
                dnsSettings(spec.network()));
        this.externalNames = new ExternalNames(dns.resolver(), tables::externalNamesChanged);
        tables.begin(externalNames);
        this.pods = PodRuntime.start(
                podSettings(spec),
                client,
                clock,
                () -> tables.services().objects().values());
        this.access = pods.access();
        this.health = HealthServer.start(spec.namespace(), this::health, clock);
        this.serviceHealth =
                ServiceHealthPorts.start(spec.namespace(), ownAddresses(spec), feed, () -> health().inSync());
        this.heartbeat = Heartbeat.start(spec, MachineFacts.read(), client, clock);
    }

    /// Starts the node; it is ready a moment later, when the API has answered.
    ///
    /// @throws RuntimeException when its sockets cannot be opened in its namespace
    public static NodeAgent start(NodeSpec spec, ApiClient client) {
        return new NodeAgent(spec, client, Clock.systemUTC());
    }

    private static NodeAddresses addresses(NodeSpec spec) {
        ClusterNetwork network = spec.network();
        List<Cidr> cluster = Stream.of(
                        network.podRanges(),
                        network.serviceRanges(),
                        network.externalNameRanges(),
                        network.insideNetworks())
                .flatMap(List::stream)
                .distinct()
                .toList();
        return new NodeAddresses(
                ownAddresses(spec), spec.podBlocks(), network.podRanges(), network.serviceRanges(), cluster);
    }

    private static List<IpAddress> ownAddresses(NodeSpec spec) {
        return Stream.concat(spec.insideAddresses().stream(), spec.outsideAddresses().stream())
                .distinct()
                .toList();
    }

    private static DnsSettings dnsSettings(ClusterNetwork network) {
        List<Cidr> reverse = Stream.concat(network.serviceRanges().stream(), network.podRanges().stream())
                .toList();
        return new DnsSettings(network.domain(), reverse, network.upstreams());
    }

    private static PodRuntime.Settings podSettings(NodeSpec spec) {
        ClusterNetwork network = spec.network();
        return new PodRuntime.Settings(
                spec.clusterName(),
                spec.name(),
                spec.namespace(),
                spec.podBridge(),
                spec.podBlocks(),
                spec.insideAddresses(),
                new ClusterDns(network.dnsAddresses(), network.domain(), hostResolvConf()),
                spec.images(),
                capacity(),
                spec.stateFolder());
    }

    private static Map<String, Quantity> capacity() {
        MachineFacts facts = MachineFacts.read();
        return Map.of("cpu", Quantity.of(facts.processors()), "memory", Quantity.of(facts.memoryKiB() * 1024));
    }

    private static String hostResolvConf() {
        try {
            return Files.readString(Path.of("/etc/resolv.conf"));
        } catch (IOException absent) {
            return ""; // a machine without a resolver: pods with dnsPolicy Default have none either
        }
    }

    public String name() {
        return spec.name();
    }

    // ---- what can be seen of it

    /// The newest table of this node.
    public ServiceTable table() {
        return feed.latest();
    }

    /// The newest table's origin: problems with what the API says.
    public Resolution resolution() {
        return tables.resolution();
    }

    /// What the kernel has of the table, and what it refused.
    public Realized realized() {
        return dataplane.realized();
    }

    /// The node's DNS server, for questions without a socket.
    public DnsServer dns() {
        return dns;
    }

    /// Blocks until the node has a table and the kernel has it too.
    ///
    /// @return false when it has not within the time
    public boolean awaitReady(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        feed.awaitNewer(0, limit.toMillis());
        long leftMillis = Math.max(1, (end - System.nanoTime()) / 1_000_000);
        return feed.latest().revision() > 0
                && dataplane.awaitRealized(feed.latest().revision(), leftMillis)
                && pods.awaitSynced(Duration.ofMillis(leftMillis));
    }

    private synchronized Health health() {
        Instant now = clock.instant();
        long wanted = feed.latest().revision();
        long has = dataplane.realized().revision();
        if (has >= wanted && wanted > 0) {
            lastInSync = now;
        }
        boolean keepsUp = has > 0 && Duration.between(lastInSync, now).compareTo(BEHIND_MAX) <= 0;
        boolean eligible = tables.self().map(NodeObject::isEligible).orElse(true);
        return new Health(keepsUp, lastInSync, eligible);
    }

    // ---- its pods

    @Override
    public InputStream logs(PodRef pod, LogOptions options) throws IOException {
        return access.logs(pod, options);
    }

    @Override
    public ExecSession exec(PodRef pod, ExecOptions options) throws IOException {
        return access.exec(pod, options);
    }

    @Override
    public ExecSession attach(PodRef pod, ExecOptions options) throws IOException {
        return access.attach(pod, options);
    }

    @Override
    public ByteChannel connect(PodRef pod, int port) throws IOException {
        return access.connect(pod, port);
    }

    @Override
    public ByteChannel connectToNode(int port) throws IOException {
        SocketChannel socket = spec.namespace().call(() -> SocketChannel.open());
        try {
            socket.socket().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS_MAX);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException("connect to port " + port + " of the node: " + e.getMessage(), e);
        }
    }

    // ---- its end

    /// Ends the node and its pods. The kernel keeps the data plane's rules until the namespace goes.
    @Override
    public void close() {
        close(false);
    }

    /// @param keepPods leave processes and networks of pods as they are, for a later agent
    public void close(boolean keepPods) {
        heartbeat.close();
        health.close();
        serviceHealth.close();
        pods.close(keepPods);
        externalNames.close();
        tables.close();
        dns.close();
        dataplane.close();
    }
}
