package dev.fairway.node;

import dev.fairway.resolve.Changes;
import dev.fairway.resolve.ClusterView;
import dev.fairway.resolve.MappedRanges;
import dev.fairway.resolve.NodeView;
import dev.fairway.resolve.Resolution;
import dev.fairway.resolve.Resolver;
import dev.fairway.resolve.Slice;
import dev.fairway.schema.LeanJson;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Programmed;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Revision;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import dev.fairway.table.ServiceName;
import dev.fairway.table.TableFeed;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns what the API says into tables: mirrors -> changes, gathered for a moment -> Resolver -> TableFeed.
///
/// The first table is made once all mirrors are complete, so that no reader ever takes a half-read cluster for the
/// whole one. A failure keeps its changes for the next try.
final class TableLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableLoop.class);

    /// The least time from table to table: a rolling update comes in many small changes close together. The first
    /// change after a rest does not wait.
    private static final long GATHER_NANOS = 5_000_000;
    private static final long RETRY_MILLIS = 500;
    private static final Duration SYNC_PATIENCE = Duration.ofSeconds(5);

    private final String node;
    private final MappedRanges mappedRanges;
    private final TableFeed feed;
    private final Mirror services;
    private final Mirror slices;
    /// What the mirror of slices has heard, read.
    private final ConcurrentSkipListMap<ObjectKey, Slice> readSlices = new ConcurrentSkipListMap<>();
    private final Optional<Mirror> namespaces;
    private final Mirror self;
    private final Mirror serviceCidrs;
    private final ProxyMetrics metrics;
    private final KernelProgress progress;
    private final Thread thread;
    private final Pending pending = new Pending();
    private volatile Resolution resolution = Resolution.EMPTY;
    private volatile Consumer<Resolution> resolved = _ -> {};
    private volatile Optional<ExternalNames> externalNames = Optional.empty();
    private volatile String zone;

    private TableLoop(ProxySpec spec, ApiClient client, TableFeed feed, ProxyMetrics metrics, KernelProgress progress) {
        this.node = spec.name();
        this.zone = spec.zone();
        this.metrics = metrics;
        this.progress = progress;
        this.mappedRanges = new MappedRanges(spec.network().externalNameRanges());
        this.feed = feed;
        this.thread = Thread.ofVirtual().name("table-" + node).unstarted(this::run);
        this.services = mirror(client, Resource.SERVICES, "", new OfServices());
        this.slices = Mirror.start(
                client, Resource.ENDPOINT_SLICES, "", Selection.ALL, this::sliceChanged, TableLoop::withoutContent);
        // only names need them; who only forwards need not be allowed to see them
        this.namespaces = spec.dnsListen().isEmpty()
                ? Optional.empty()
                : Optional.of(mirror(client, Resource.NAMESPACES, "", (key, _, _) -> pending.namespace(key.name())));
        this.self = mirror(client, Resource.NODES, "metadata.name=" + node, (_, _, _) -> pending.wake());
        this.serviceCidrs = mirror(client, Resource.SERVICE_CIDRS, "", Mirror.Listener.NONE);
    }

    private final class OfServices implements Mirror.Listener {

        @Override
        public void changed(ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
            metrics.serviceChanged();
            now.filter(Programmed::isAwaited)
                    .ifPresent(service -> progress.await(Revision.of(Meta.resourceVersion(service))));
            pending.service(key);
        }

        @Override
        public void caughtUp(String resourceVersion) {
            pending.servicesUpTo(Revision.of(resourceVersion));
        }
    }

    private void sliceChanged(ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        metrics.sliceChanged(now);
        now.map(Slice::of).ifPresentOrElse(slice -> readSlices.put(key, slice), () -> readSlices.remove(key));
        pending.slice(key);
    }

    /// Enough for the mirror: the endpoints are kept as they were read.
    private static ObjectNode withoutContent(ObjectNode object) {
        ObjectNode kept = LeanJson.object();
        ObjectNode metadata = kept.putObject("metadata");
        for (String field : List.of("namespace", "name", "uid", "resourceVersion")) {
            metadata.put(field, Tree.text(object, "metadata", field));
        }
        return kept;
    }

    static TableLoop start(
            ProxySpec spec, ApiClient client, TableFeed feed, ProxyMetrics metrics, KernelProgress progress) {
        return new TableLoop(spec, client, feed, metrics, progress);
    }

    private static Mirror mirror(ApiClient client, Resource resource, String fields, Mirror.Listener listener) {
        return Mirror.start(client, resource, "", new Selection("", fields), listener);
    }

    /// Begins to make tables.
    ///
    /// @param names told after each table which external names it needs; asked for their addresses before each
    void begin(ExternalNames names) {
        externalNames = Optional.of(names);
        resolved = next -> names.want(next.externalTargets());
        thread.start();
    }

    Mirror services() {
        return services;
    }

    /// This node's own object, if the API has it.
    Optional<ObjectNode> self() {
        return self.get("", node);
    }

    /// The blocks of which cluster IPs are taken, as far as the API tells.
    Collection<ObjectNode> serviceCidrs() {
        return serviceCidrs.objects().values();
    }

    /// The newest resolution, with what could not be honoured.
    Resolution resolution() {
        return resolution;
    }

    /// Addresses of these Services' external names have changed.
    void externalNamesChanged(Set<ServiceName> names) {
        pending.externalNames(names);
    }

    /// What has changed since the last table.
    private static final class Pending {
        private Set<ObjectKey> services = new HashSet<>();
        private Set<ObjectKey> slices = new HashSet<>();
        private Set<ServiceName> externalNames = new HashSet<>();
        private Set<String> namespaces = new HashSet<>();
        private long servicesUpTo;
        private boolean all;
        private boolean awake;

        synchronized void service(ObjectKey key) {
            services.add(key);
            wake();
        }

        /// All that the API said of Services up to this revision has come here.
        synchronized void servicesUpTo(long revision) {
            servicesUpTo = revision;
            wake();
        }

        synchronized long servicesUpTo() {
            return servicesUpTo;
        }

        synchronized void slice(ObjectKey key) {
            slices.add(key);
            wake();
        }

        synchronized void externalNames(Set<ServiceName> names) {
            externalNames.addAll(names);
            wake();
        }

        synchronized void namespace(String name) {
            namespaces.add(name);
            wake();
        }

        synchronized void everything() {
            all = true;
            wake();
        }

        synchronized void wake() {
            awake = true;
            notifyAll();
        }

        synchronized void await() throws InterruptedException {
            while (!awake) {
                wait();
            }
        }

        /// The changes so far; empty when everything must be decided anew.
        synchronized Optional<Changes> take() {
            Optional<Changes> taken =
                    all ? Optional.empty() : Optional.of(new Changes(services, slices, externalNames, namespaces));
            services = new HashSet<>();
            slices = new HashSet<>();
            externalNames = new HashSet<>();
            namespaces = new HashSet<>();
            all = false;
            awake = false;
            return taken;
        }
    }

    private void run() {
        try {
            awaitMirrors();
            pending.everything();
            long earliest = System.nanoTime();
            while (true) {
                pending.await();
                Thread.sleep(Duration.ofNanos(Math.max(0, earliest - System.nanoTime())));
                earliest = System.nanoTime() + GATHER_NANOS;
                long servicesUpTo = pending.servicesUpTo();
                Optional<Changes> changes = pending.take();
                try {
                    resolve(changes);
                    progress.tableMade(resolution.table().revision(), servicesUpTo);
                } catch (RuntimeException e) {
                    LOG.warn("node {}: no new table, everything is decided again in {} ms", node, RETRY_MILLIS, e);
                    pending.everything();
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitMirrors() throws InterruptedException {
        for (Mirror mirror : needed()) {
            while (!mirror.awaitSynced(SYNC_PATIENCE)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LOG.info(
                        "node {}: waiting for {} from the API; {}",
                        node,
                        mirror.resource().plural(),
                        mirror.problem().orElse("no answer yet"));
            }
        }
    }

    private List<Mirror> needed() {
        return Stream.concat(Stream.of(services, slices), namespaces.stream()).toList();
    }

    private void resolve(Optional<Changes> changes) {
        ClusterView view = new ClusterView(
                services.objects(),
                readSlices,
                namespaces.map(Mirror::objects).orElseGet(Collections::emptyNavigableMap));
        NodeView nodeView = self().map(NodeView::of).orElseGet(() -> new NodeView(node, zone));
        boolean moved = !nodeView.zone().equals(zone);
        zone = nodeView.zone();
        var addresses = externalNames.map(ExternalNames::addresses).orElseThrow();
        Resolver resolver = new Resolver(nodeView, mappedRanges);
        Resolution before = resolution;
        Resolution next = changes.isPresent() && !moved
                ? resolver.resolveChanged(view, addresses, before, changes.get())
                : resolver.resolveAll(view, addresses, before);
        resolution = next;
        metrics.tableMade(next.table());
        if (next.table().revision() > feed.latest().revision()) {
            feed.publish(next.table());
        }
        resolved.accept(next);
    }

    @Override
    public void close() {
        thread.interrupt();
        needed().forEach(Mirror::close);
        List.of(self, serviceCidrs).forEach(Mirror::close);
    }
}
