package dev.fairway.node;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.ConnectionCount;
import dev.fairway.dataplane.Dataplane;
import dev.fairway.dataplane.DropCount;
import dev.fairway.dataplane.NodeAddresses;
import dev.fairway.dataplane.SyncListener;
import dev.fairway.dns.DnsServer;
import dev.fairway.dns.DnsSettings;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.LinkAddress;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.node.HealthServer.Health;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.resolve.Resolution;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.Mirror;
import dev.fairway.table.Realized;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of a node that forwards and resolves: tables from the API, the data plane, DNS, health and metrics. It only
/// lists and watches, so that any Kubernetes API will do.
///
/// ```
/// API -> TableLoop -> TableFeed -> Dataplane, DnsServer
/// ```
public final class NodeProxy implements NodePart, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeProxy.class);
    private static final int DNS_PORT = 53;

    /// How long the data plane may be behind before load balancers are told to stay away.
    private static final Duration BEHIND_MAX = Duration.ofSeconds(60);

    private final ProxySpec spec;
    private final Clock clock;
    private final TableFeed feed = new TableFeed();
    private final KernelProgress progress;
    private final TableLoop tables;
    private final Dataplane dataplane;
    private final DnsServer dns;
    private final ExternalNames externalNames;
    private final HealthServer health;
    private final ServiceHealthPorts serviceHealth;
    private final HttpPort metrics;
    private final NodePortWatch nodePortWatch;
    private volatile List<IpAddress> links = List.of();
    private Instant lastInSync;

    private NodeProxy(ProxySpec spec, ApiClient client, Clock clock) {
        this.spec = spec;
        this.clock = clock;
        this.lastInSync = clock.instant();
        ProxyMetrics measured = new ProxyMetrics(clock);
        this.progress = new KernelProgress(measured);
        this.tables = TableLoop.start(spec, client, feed, measured, progress);
        SyncListener listener =
                spec.forwarding().localhostNodePorts() ? new LocalhostNodePorts(spec.namespace(), progress) : progress;
        this.dataplane = Dataplane.start(spec.namespace(), this::addresses, feed, listener);
        this.dns = DnsServer.start(spec.namespace(), spec.dnsListen(), DNS_PORT, feed, dnsSettings(spec.network()));
        this.externalNames = new ExternalNames(dns.resolver(), tables::externalNamesChanged);
        tables.begin(externalNames);
        measured.addSources(feed::latest, dataplane::counts, this::connections, this::drops, dataplane::draining);
        this.health = HealthServer.start(spec.namespace(), this::health, clock, measured);
        this.serviceHealth = ServiceHealthPorts.start(spec.namespace(), this::nodePorts, feed, () -> health().inSync());
        this.metrics = MetricsServer.start(spec.namespace(), measured);
        this.nodePortWatch = NodePortWatch.start(spec, client, tables.services(), feed, this::nodePorts, clock);
    }

    /// @throws RuntimeException when its sockets cannot be opened in its namespace
    public static NodeProxy start(ProxySpec spec, ApiClient client, Clock clock) {
        return new NodeProxy(spec, client, clock);
    }

    private static DnsSettings dnsSettings(ClusterNetwork network) {
        List<Cidr> reverse = Stream.concat(network.serviceRanges().stream(), network.podRanges().stream())
                .toList();
        return new DnsSettings(network.domain(), reverse, network.upstreams());
    }

    private NodeAddresses addresses() {
        if (spec.forwarding().nodePorts() instanceof NodePortAddresses.Within) {
            readLinks();
        }
        return seen().toDataplane();
    }

    /// None for now, when the kernel does not tell them.
    List<ConnectionCount> connections() {
        try {
            return dataplane.connections();
        } catch (KernelException e) {
            LOG.warn("node {}: connections of Services are not told: {}", spec.name(), e.getMessage());
            return List.of();
        }
    }

    /// None for now, when the kernel does not tell them.
    List<DropCount> drops() {
        try {
            return dataplane.drops();
        } catch (KernelException e) {
            LOG.warn("node {}: dropped packets of Services are not told: {}", spec.name(), e.getMessage());
            return List.of();
        }
    }

    private List<IpAddress> nodePorts() {
        return seen().nodePorts();
    }

    private ProxyAddresses seen() {
        return new ProxyAddresses(spec, tables.self(), tables.serviceCidrs(), links);
    }

    private void readLinks() {
        try (Rtnetlink kernel = Rtnetlink.open(spec.namespace())) {
            links = kernel.addresses().stream().map(LinkAddress::address).toList();
        } catch (KernelException e) {
            LOG.warn("node {}: node ports stay where they are: {}", spec.name(), e.getMessage());
        }
    }

    // ---- what can be seen of it

    @Override
    public ServiceTable table() {
        return feed.latest();
    }

    @Override
    public boolean isRegistered() {
        return tables.self().isPresent();
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

    /// How much of what the API said of Services is in the kernel.
    KernelProgress progress() {
        return progress;
    }

    Mirror services() {
        return tables.services();
    }

    /// It has a table and the kernel has it too.
    @Override
    public boolean awaitReady(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        feed.awaitNewer(0, limit.toMillis());
        long leftMillis = Math.max(1, (end - System.nanoTime()) / 1_000_000);
        return feed.latest().revision() > 0
                && dataplane.awaitRealized(feed.latest().revision(), leftMillis);
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

    // ---- its end

    /// Tells load balancers nothing any more, so that they stay away.
    void withdraw() {
        health.close();
        serviceHealth.close();
    }

    /// Ends it. The kernel keeps the rules: forwarding goes on, and the next one goes on from them.
    @Override
    public void close() {
        withdraw();
        nodePortWatch.close();
        metrics.close();
        externalNames.close();
        tables.close();
        dns.close();
        dataplane.close();
    }

    @Override
    public void leave() {
        close();
    }

    /// Takes away what such a part of a node leaves in its namespace when it has ended.
    ///
    /// @throws KernelException when the kernel refuses
    public static void removeRules(ProxySpec spec) {
        if (spec.forwarding().localhostNodePorts()) {
            LocalhostNodePorts.close(spec.namespace());
        }
        Dataplane.removeRules(spec.namespace());
    }
}
