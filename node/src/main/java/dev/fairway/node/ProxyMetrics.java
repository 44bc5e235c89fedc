package dev.fairway.node;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.ConnectionCount;
import dev.fairway.dataplane.DataplaneCounts;
import dev.fairway.dataplane.DrainCount;
import dev.fairway.dataplane.DropCount;
import dev.fairway.dataplane.SyncListener;
import dev.fairway.table.Frontend;
import dev.fairway.table.ServiceTable;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What a node's data plane measures, under the names and with the meanings of kube-proxy's metrics
/// (`pkg/proxy/metrics`). Both families are programmed by one batch, so what is measured of it counts for both.
final class ProxyMetrics implements SyncListener {

    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final String SYNC = "kubeproxy_sync_proxy_rules_";
    private static final String FAMILY = "ip_family";
    private static final double[] SYNC_BOUNDS =
            IntStream.range(0, 15).mapToDouble(i -> 0.001 * (1 << i)).toArray();
    private static final double[] PROGRAMMING_BOUNDS = programmingBounds();

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Clock clock;
    private final PendingChanges pending;
    private final Histogram sync = histogram("sync_proxy_rules_duration_seconds", "Time to program a table.");
    private final Histogram full =
            histogram("sync_full_proxy_rules_duration_seconds", "Time to program a table after reading all rules.");
    private final Histogram partial =
            histogram("sync_partial_proxy_rules_duration_seconds", "Time to program what changed between tables.");
    private final Histogram conntrack =
            histogram("conntrack_reconciler_sync_duration_seconds", "Time to end UDP flows to endpoints gone.");
    private final Histogram programming = Histogram.builder()
            .name("kubeproxy_network_programming_duration_seconds")
            .help("Time from the change that made an endpoint different to having it in the kernel.")
            .labelNames(FAMILY)
            .classicOnly()
            .classicUpperBounds(PROGRAMMING_BOUNDS)
            .register(registry);
    private final Gauge lastSync = gauge("last_timestamp_seconds", "When a table was programmed last.");
    private final Gauge lastQueued = gauge("last_queued_timestamp_seconds", "When a change was told last.");
    private final Counter endpointChanges = counter(SYNC + "endpoint_changes_total", "Changes of endpoint slices.");
    private final Counter serviceChanges = counter(SYNC + "service_changes_total", "Changes of Services.");
    private final Counter failures =
            counter(SYNC + "nftables_sync_failures_total", "Batches that the kernel refused; each is repeated.");
    private final Counter flowsEnded =
            counter("kubeproxy_conntrack_reconciler_deleted_entries_total", "UDP flows to endpoints gone.");
    private final Counter asked = Counter.builder()
            .name("kubeproxy_proxy_healthz_total")
            .help("Answers of /healthz by code.")
            .labelNames("code")
            .register(registry);
    private final Counter askedAlive = Counter.builder()
            .name("kubeproxy_proxy_livez_total")
            .help("Answers of /livez by code.")
            .labelNames("code")
            .register(registry);

    ProxyMetrics(Clock clock) {
        this.clock = clock;
        this.pending = new PendingChanges(clock.instant());
        pendingGauge("endpoint_changes_pending", PendingChanges::endpoints);
        pendingGauge("service_changes_pending", PendingChanges::services);
    }

    /// Adds what is counted elsewhere.
    void addSources(
            Supplier<ServiceTable> table,
            Supplier<DataplaneCounts> counts,
            Supplier<List<ConnectionCount>> connections,
            Supplier<List<DropCount>> drops,
            Supplier<List<DrainCount>> draining) {
        addConnections(connections);
        addDrops(drops);
        addDraining(draining);
        GaugeWithCallback.builder()
                .name(SYNC + "no_local_endpoints_total")
                .help("Service ports under the policy Local that have endpoints, but none on this node.")
                .labelNames("traffic_policy", FAMILY)
                .callback(callback -> {
                    for (IpFamily family : IpFamily.values()) {
                        LocalShortage shortage = LocalShortage.of(table.get(), family);
                        callback.call(shortage.internal(), "internal", family.apiName());
                        callback.call(shortage.external(), "external", family.apiName());
                    }
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("fairway_dataplane_repairs_total")
                .help("Times that someone else had changed our rules.")
                .callback(callback -> callback.call((double) counts.get().repairs()))
                .register(registry);
        CounterWithCallback.builder()
                .name("fairway_dataplane_commits_total")
                .help("Batches that changed the kernel's rules.")
                .callback(callback -> callback.call((double) counts.get().commits()))
                .register(registry);
    }

    private void addConnections(Supplier<List<ConnectionCount>> connections) {
        CounterWithCallback.builder()
                .name("fairway_service_connections_total")
                .help("New connections (of UDP: flows) that came to an address of a Service on this node.")
                .labelNames("namespace", "service", "port", "protocol", "frontend")
                .callback(callback -> connections
                        .get()
                        .forEach(count -> callback.call(
                                (double) count.connections(),
                                count.service().namespace(),
                                count.service().name(),
                                count.port(),
                                count.protocol().name(),
                                frontend(count.frontend()))))
                .register(registry);
    }

    private void addDrops(Supplier<List<DropCount>> drops) {
        CounterWithCallback.builder()
                .name("fairway_service_dropped_packets_total")
                .help("Packets to an address of a Service that this node refused or dropped.")
                .labelNames("namespace", "service", "protocol", "frontend", "reason")
                .callback(callback -> drops.get()
                        .forEach(count -> callback.call(
                                (double) count.packets(),
                                count.service().namespace(),
                                count.service().name(),
                                count.protocol().name(),
                                frontend(count.frontend()),
                                count.reason().label())))
                .register(registry);
    }

    private void addDraining(Supplier<List<DrainCount>> draining) {
        GaugeWithCallback.builder()
                .name("fairway_draining_endpoint_connections")
                .help("TCP connections that an endpoint still has through this node while it ends.")
                .labelNames("namespace", "service", "port", "endpoint")
                .callback(callback -> draining.get()
                        .forEach(count -> callback.call(
                                count.connections(),
                                count.service().namespace(),
                                count.service().name(),
                                count.port(),
                                count.address().withPort(count.number()))))
                .register(registry);
    }

    private static String frontend(Frontend frontend) {
        return switch (frontend) {
            case Frontend.NodePort(IpFamily family, int port) -> "nodeport/" + family.apiName() + ":" + port;
            case Frontend.ClusterIp(IpAddress address, int port) -> address.withPort(port);
            case Frontend.LoadBalancer(IpAddress address, int port) -> address.withPort(port);
            case Frontend.ExternalIp(IpAddress address, int port) -> address.withPort(port);
            case Frontend.Mapped(IpAddress address, int port) -> address.withPort(port);
        };
    }

    // ---- what happens

    void serviceChanged() {
        pending.service();
        eachFamily(family -> serviceChanges.labelValues(family).inc());
        queued();
    }

    /// @param now empty when the slice is gone
    void sliceChanged(Optional<ObjectNode> now) {
        pending.slice(now);
        eachFamily(family -> endpointChanges.labelValues(family).inc());
        queued();
    }

    private void queued() {
        eachFamily(family -> lastQueued.labelValues(family).set(seconds(clock.instant())));
    }

    /// All changes told so far are in this table.
    void tableMade(ServiceTable table) {
        pending.inTable(table.revision());
    }

    void healthAsked(String which, int code) {
        Counter counter = which.equals("livez") ? askedAlive : asked;
        counter.labelValues(Integer.toString(code)).inc();
    }

    @Override
    public void synced(Sync done) {
        Instant now = clock.instant();
        List<Instant> began = pending.inForce(done.revision());
        eachFamily(family -> {
            sync.labelValues(family).observe(seconds(done.rules()));
            (done.whole() ? full : partial).labelValues(family).observe(seconds(done.rules()));
            conntrack.labelValues(family).observe(seconds(done.flows()));
            flowsEnded.labelValues(family).inc(done.flowsEnded());
            lastSync.labelValues(family).set(seconds(now));
            began.forEach(start -> programming.labelValues(family).observe(seconds(Duration.between(start, now))));
        });
    }

    @Override
    public void failed() {
        eachFamily(family -> failures.labelValues(family).inc());
    }

    // ---- what is told

    /// All metrics in the Prometheus text format.
    String toText() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("write metrics", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static void eachFamily(Consumer<String> action) {
        Arrays.stream(IpFamily.values()).map(IpFamily::apiName).forEach(action);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1e3;
    }

    private Histogram histogram(String name, String help) {
        return Histogram.builder()
                .name("kubeproxy_" + name)
                .help(help)
                .labelNames(FAMILY)
                .classicOnly()
                .classicUpperBounds(SYNC_BOUNDS)
                .register(registry);
    }

    private Gauge gauge(String name, String help) {
        return Gauge.builder().name(SYNC + name).help(help).labelNames(FAMILY).register(registry);
    }

    private Counter counter(String name, String help) {
        return Counter.builder().name(name).help(help).labelNames(FAMILY).register(registry);
    }

    private void pendingGauge(String name, Function<PendingChanges, Integer> count) {
        GaugeWithCallback.builder()
                .name(SYNC + name)
                .help("Changes that were told and are not in the kernel yet.")
                .labelNames(FAMILY)
                .callback(callback -> eachFamily(family -> callback.call(count.apply(pending), family)))
                .register(registry);
    }

    /// Fine up to a minute, since that is where the objective is; in steps of 5 s to two minutes and of 30 s to five.
    private static double[] programmingBounds() {
        return Stream.of(
                        DoubleStream.of(0.25, 0.5),
                        IntStream.rangeClosed(1, 59).asDoubleStream(),
                        IntStream.range(0, 12).mapToDouble(i -> 60 + 5 * i),
                        IntStream.range(0, 7).mapToDouble(i -> 120 + 30 * i))
                .flatMapToDouble(Function.identity())
                .toArray();
    }
}
