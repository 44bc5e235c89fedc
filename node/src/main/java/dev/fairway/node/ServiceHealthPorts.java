package dev.fairway.node;

import com.sun.net.httpserver.HttpExchange;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.LoopThread;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.HealthIndex.At;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers on the health check port of each Service whose external traffic stays on the node: 200 while an endpoint is
/// ready here, else 503. The newest table says which ports there are; a port that is taken is tried again.
final class ServiceHealthPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceHealthPorts.class);
    private static final long RETRY_MILLIS = 1_000;

    private final NetworkNamespace namespace;
    private final Supplier<List<IpAddress>> addresses;
    private final TableFeed feed;
    private final BooleanSupplier proxyHealthy;
    private final Map<At, HttpPort> open = new TreeMap<>();
    /// Wanted and not open yet.
    private final Set<At> missing = new TreeSet<>();
    private final LoopThread thread;
    private volatile HealthIndex index = HealthIndex.EMPTY;

    private ServiceHealthPorts(
            NetworkNamespace namespace,
            Supplier<List<IpAddress>> addresses,
            TableFeed feed,
            BooleanSupplier proxyHealthy) {
        this.namespace = namespace;
        this.addresses = addresses;
        this.feed = feed;
        this.proxyHealthy = proxyHealthy;
        this.thread = LoopThread.virtual("health-ports-" + namespace.name(), this::run);
    }

    /// @param addresses those for node ports, of both families; asked with each table
    static ServiceHealthPorts start(
            NetworkNamespace namespace,
            Supplier<List<IpAddress>> addresses,
            TableFeed feed,
            BooleanSupplier proxyHealthy) {
        ServiceHealthPorts ports = new ServiceHealthPorts(namespace, addresses, feed, proxyHealthy);
        ports.thread.start();
        return ports;
    }

    private void run() {
        try {
            ServiceTable table = feed.awaitNewer(0);
            while (true) {
                follow(table);
                table = missing.isEmpty()
                        ? feed.awaitNewer(table.revision())
                        : feed.awaitNewer(table.revision(), RETRY_MILLIS);
            }
        } catch (InterruptedException _) {
            LOG.debug("health ports of {} stop", namespace.name());
        } finally {
            open.values().forEach(HttpPort::close);
        }
    }

    private void follow(ServiceTable table) {
        HealthIndex before = index;
        HealthIndex next = before.next(table, addresses.get());
        index = next;
        before.wanted().sets().differences(next.wanted().sets(), (_, _) -> true, (at, _, is) -> {
            if (is.isPresent()) {
                missing.add(at);
            } else {
                missing.remove(at);
                Optional.ofNullable(open.remove(at)).ifPresent(HttpPort::close);
            }
        });
        missing.removeIf(this::listen);
    }

    /// @return whether it can be asked there
    private boolean listen(At at) {
        try {
            InetSocketAddress address = new InetSocketAddress(at.address().toInetAddress(), at.port());
            open.put(at, HttpPort.open(namespace, address, Map.of("/", exchange -> answer(exchange, at))));
            return true;
        } catch (IOException e) {
            LOG.warn(
                    "health check port {} of Service {} cannot be opened, load balancers see node {} as down: {}",
                    at.address().withPort(at.port()),
                    index.at(at).map(health -> health.service().toString()).orElse(""),
                    namespace.name(),
                    e.getMessage());
            return false;
        }
    }

    private void answer(HttpExchange exchange, At at) throws IOException {
        Optional<ServiceHealth> asked = index.at(at);
        if (asked.isEmpty()) { // closed at this moment
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
            return;
        }
        ServiceHealth health = asked.get();
        boolean healthy = proxyHealthy.getAsBoolean();
        exchange.getResponseHeaders()
                .set("X-Load-Balancing-Endpoint-Weight", Integer.toString(health.localEndpoints()));
        int code = health.localEndpoints() > 0 && healthy ? 200 : 503;
        HttpPort.answer(exchange, code, "application/json", health.toJson(healthy));
    }

    @Override
    public void close() {
        thread.close();
    }
}
