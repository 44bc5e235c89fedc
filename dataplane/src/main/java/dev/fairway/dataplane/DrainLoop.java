package dev.fairway.dataplane;

import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.Draining.Endpoint;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.conntrack.Flow;
import dev.fairway.kernel.conntrack.OpenSockets;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the connections that endpoints still have while they end, and closes them when a Service's deadline says so.
/// While no endpoint ends it only waits for tables.
final class DrainLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DrainLoop.class);
    private static final long LOOK_MILLIS = 1_000;
    /// Reading all connections of a busy node takes long: it must not take more than a twentieth of the time.
    private static final int SHARE = 20;
    private static final long REALIZE_MILLIS = 2_000;

    private final NetworkNamespace namespace;
    private final TableFeed feed;
    private final DataplaneLoop rules;
    private final Supplier<NodeAddresses> addresses;
    private Draining draining = Draining.NONE;
    private long restUntilMillis = Long.MIN_VALUE;
    private volatile List<DrainCount> counts = List.of();

    DrainLoop(NetworkNamespace namespace, TableFeed feed, DataplaneLoop rules, Supplier<NodeAddresses> addresses) {
        this.namespace = namespace;
        this.feed = feed;
        this.rules = rules;
        this.addresses = addresses;
    }

    /// What was counted last.
    List<DrainCount> counts() {
        return counts;
    }

    void run() {
        try (Conntrack conntrack = Conntrack.open(namespace)) {
            ServiceTable table = feed.awaitNewer(0);
            while (true) {
                draining = draining.next(table, nowMillis());
                long pause = look(conntrack, table);
                table = draining.isEmpty()
                        ? feed.awaitNewer(table.revision())
                        : feed.awaitNewer(table.revision(), pause);
            }
        } catch (InterruptedException _) {
            LOG.debug("nobody watches connections of {} any more", namespace.name());
        }
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    /// @return how long to wait until the next look
    private long look(Conntrack conntrack, ServiceTable table) throws InterruptedException {
        if (draining.isEmpty()) {
            counts = List.of();
            return LOOK_MILLIS;
        }
        if (nowMillis() < restUntilMillis) {
            return restUntilMillis - nowMillis(); // tables may come many a second
        }
        // else a connection that is closed here would be led to the same endpoint once more
        rules.awaitRealized(table.revision(), REALIZE_MILLIS);
        long started = nowMillis();
        try {
            count(conntrack, draining.due(started));
        } catch (KernelException e) {
            LOG.warn("connections of {} to endpoints that end are not counted: {}", namespace.name(), e.getMessage());
        }
        long rest = SHARE * (nowMillis() - started);
        restUntilMillis = nowMillis() + rest;
        return Math.max(LOOK_MILLIS, rest);
    }

    private void count(Conntrack conntrack, Set<Endpoint> due) {
        DrainFlows flows = new DrainFlows(draining, due, addresses.get());
        Map<Endpoint, Integer> open = new HashMap<>();
        Set<Flow> late = new HashSet<>();
        for (IpFamily family : flows.families()) {
            for (Flow flow : conntrack.flows(family, Protocol.TCP.number())) {
                Optional<Endpoint> endpoint = flows.endpoint(flow);
                if (endpoint.isPresent() && due.contains(endpoint.get())) {
                    late.add(flow);
                } else if (endpoint.isPresent() && flow.established()) {
                    open.merge(endpoint.get(), 1, Integer::sum);
                }
            }
        }
        close(conntrack, late);
        counts = draining.ending().stream()
                .map(endpoint -> new DrainCount(
                        endpoint.service(),
                        endpoint.port(),
                        endpoint.address(),
                        endpoint.number(),
                        open.getOrDefault(endpoint, 0)))
                .sorted()
                .toList();
        draining = draining.closed(due);
    }

    /// The entry first: what its client sends next is then led elsewhere, and refused there. The socket second, for a
    /// client on the node itself that sends nothing.
    private void close(Conntrack conntrack, Set<Flow> late) {
        if (late.isEmpty()) {
            return;
        }
        int closed = 0;
        Set<String> endpoints = new TreeSet<>();
        try (OpenSockets sockets = OpenSockets.open(namespace)) {
            for (Flow flow : late) {
                closed += conntrack.delete(flow) ? 1 : 0;
                sockets.end(flow.original());
                endpoints.add(flow.reply().source().withPort(flow.reply().sourcePort()));
            }
        }
        LOG.info("{}: closed {} connections to endpoints that end: {}", namespace.name(), closed, endpoints);
    }
}
