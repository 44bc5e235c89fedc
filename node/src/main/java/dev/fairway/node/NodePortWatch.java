package dev.fairway.node;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.ListeningSocket;
import dev.fairway.kernel.LoopThread;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.Mirror;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Looks for programs of the node that listen on node ports, and says so once for each: in the log, and as an Event of
/// the Service where the node may write one. Otherwise such a program only wonders where its clients are.
final class NodePortWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodePortWatch.class);
    /// A program may come at any time.
    private static final long PERIOD_MILLIS = 10_000;
    /// Tables may come many a second.
    private static final long PAUSE_MILLIS = 1_000;
    private static final String COMPONENT = "fairway-node";

    private final ProxySpec spec;
    private final ApiClient client;
    private final Mirror services;
    private final TableFeed feed;
    private final Supplier<List<IpAddress>> addresses;
    private final Clock clock;
    private final LoopThread thread;
    private NodePortIndex nodePorts = NodePortIndex.EMPTY;
    private List<NodePortConflict> known = List.of();

    private NodePortWatch(
            ProxySpec spec,
            ApiClient client,
            Mirror services,
            TableFeed feed,
            Supplier<List<IpAddress>> addresses,
            Clock clock) {
        this.spec = spec;
        this.client = client;
        this.services = services;
        this.feed = feed;
        this.addresses = addresses;
        this.clock = clock;
        this.thread = LoopThread.virtual("node-port-watch-" + spec.name(), this::run);
    }

    static NodePortWatch start(
            ProxySpec spec,
            ApiClient client,
            Mirror services,
            TableFeed feed,
            Supplier<List<IpAddress>> addresses,
            Clock clock) {
        NodePortWatch watch = new NodePortWatch(spec, client, services, feed, addresses, clock);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            ServiceTable table = feed.awaitNewer(0);
            while (true) {
                try {
                    look(table);
                } catch (UncheckedIOException e) {
                    LOG.warn("node {}: who listens on node ports is not known: {}", spec.name(), e.getMessage());
                }
                Thread.sleep(PAUSE_MILLIS);
                table = feed.awaitNewer(table.revision(), PERIOD_MILLIS);
            }
        } catch (InterruptedException _) {
            LOG.debug("nobody watches the node ports of {} any more", spec.name());
        }
    }

    private void look(ServiceTable table) {
        nodePorts = nodePorts.next(table);
        List<NodePortConflict> found =
                NodePortConflict.of(nodePorts, addresses.get(), ListeningSocket.in(spec.namespace()));
        found.stream().filter(conflict -> !known.contains(conflict)).forEach(this::tell);
        known = found;
    }

    private void tell(NodePortConflict conflict) {
        String text = conflict.toText(spec.name(), conflict.socket().process().orElse("a program"));
        LOG.warn("Service {}: {}", conflict.service(), text);
        try {
            services.get(conflict.service().namespace(), conflict.service().name())
                    .ifPresent(service -> client.create(Resource.EVENTS, event(service, text)));
        } catch (ApiException refused) {
            LOG.debug("no event of Service {}: {}", conflict.service(), refused.text());
        }
    }

    private ObjectNode event(ObjectNode service, String text) {
        String now = Times.toText(clock.instant());
        ObjectNode event = Json.object().put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("name", Meta.name(service) + "." + Long.toHexString(clock.millis() << 12))
                .put("namespace", Meta.namespace(service));
        event.putObject("involvedObject")
                .put("apiVersion", "v1")
                .put("kind", "Service")
                .put("namespace", Meta.namespace(service))
                .put("name", Meta.name(service))
                .put("uid", Meta.uid(service));
        event.put("type", "Warning")
                .put("reason", "NodePortInUse")
                .put("message", text)
                .put("count", 1)
                .put("firstTimestamp", now)
                .put("lastTimestamp", now)
                .put("reportingComponent", COMPONENT)
                .put("reportingInstance", spec.name());
        event.putObject("source").put("component", COMPONENT).put("host", spec.name());
        return event;
    }

    @Override
    public void close() {
        thread.close();
    }
}
