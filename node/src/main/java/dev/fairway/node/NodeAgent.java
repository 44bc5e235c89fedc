package dev.fairway.node;

import dev.fairway.dataplane.ConnectionCount;
import dev.fairway.dataplane.DropCount;
import dev.fairway.dns.DnsServer;
import dev.fairway.node.pod.PodFiles.ClusterDns;
import dev.fairway.node.pod.PodRuntime;
import dev.fairway.resolve.Resolution;
import dev.fairway.schema.Quantity;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.table.Realized;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// One node: it registers itself, keeps the data plane and DNS as the API says, runs its pods, and tells load balancers
/// how it is.
///
/// ```
/// API -> NodeProxy
/// API -> PodRuntime -> API
/// ```
public final class NodeAgent implements NodePart, AutoCloseable, PodAccess {

    private static final int CONNECT_MILLIS_MAX = 5_000;

    private final NodeSpec spec;
    private final NodeProxy proxy;
    private final PodRuntime pods;
    private final PodAccess access;
    private final Heartbeat heartbeat;

    private NodeAgent(NodeSpec spec, ApiClient forServices, ApiClient client, Clock clock) {
        this.spec = spec;
        this.proxy = NodeProxy.start(spec.toProxy(), forServices, clock);
        this.pods = PodRuntime.start(
                podSettings(spec),
                client,
                clock,
                () -> proxy.services().objects().values());
        this.access = pods.access();
        this.heartbeat = Heartbeat.start(spec, MachineFacts.read(), client, clock, proxy.progress());
    }

    /// Starts the node; it is ready a moment later, when the API has answered.
    ///
    /// @throws RuntimeException when its sockets cannot be opened in its namespace
    public static NodeAgent start(NodeSpec spec, ApiClient client) {
        return start(spec, client, client);
    }

    /// The same, with another client for what forwards and resolves.
    public static NodeAgent start(NodeSpec spec, ApiClient forServices, ApiClient client) {
        return new NodeAgent(spec, forServices, client, Clock.systemUTC());
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

    @Override
    public ServiceTable table() {
        return proxy.table();
    }

    @Override
    public boolean isRegistered() {
        return proxy.isRegistered();
    }

    /// The newest table's origin: problems with what the API says.
    public Resolution resolution() {
        return proxy.resolution();
    }

    /// What the kernel has of the table, and what it refused.
    public Realized realized() {
        return proxy.realized();
    }

    /// How many new connections (of UDP: flows) came to each Service on this node since its rules are there.
    public Map<ServiceName, Long> connections() {
        return proxy.connections().stream()
                .collect(Collectors.groupingBy(
                        ConnectionCount::service, Collectors.summingLong(ConnectionCount::connections)));
    }

    /// Packets to Services that this node refused or dropped.
    public List<DropCount> drops() {
        return proxy.drops();
    }

    /// The node's DNS server, for questions without a socket.
    public DnsServer dns() {
        return proxy.dns();
    }

    /// It has a table, the kernel has it too, and it knows its pods.
    @Override
    public boolean awaitReady(Duration limit) throws InterruptedException {
        return proxy.awaitReady(limit) && pods.awaitSynced(limit);
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

    @Override
    public void leave() {
        close(true);
    }

    /// @param keepPods leave processes and networks of pods as they are, for a later agent
    public void close(boolean keepPods) {
        heartbeat.close();
        proxy.withdraw();
        pods.close(keepPods);
        proxy.close();
    }
}
