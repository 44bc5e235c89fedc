package dev.fairway.node;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.ServiceHealth.At;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers on the health check port of each Service whose external traffic stays on the node: 200 while an endpoint is
/// ready here, else 503. The newest table says which ports there are; a port that is taken is tried again.
final class ServiceHealthPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceHealthPorts.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final int BACKLOG = 128;

    private final NetworkNamespace namespace;
    private final List<IpAddress> addresses;
    private final TableFeed feed;
    private final BooleanSupplier proxyHealthy;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<At, HttpServer> open = new TreeMap<>();
    private final Thread thread;
    private volatile SortedMap<At, ServiceHealth> wanted = new TreeMap<>();

    private ServiceHealthPorts(
            NetworkNamespace namespace, List<IpAddress> addresses, TableFeed feed, BooleanSupplier proxyHealthy) {
        this.namespace = namespace;
        this.addresses = addresses;
        this.feed = feed;
        this.proxyHealthy = proxyHealthy;
        this.thread =
                Thread.ofVirtual().name("health-ports-" + namespace.name()).unstarted(this::run);
    }

    /// @param addresses the node's, of both families
    static ServiceHealthPorts start(
            NetworkNamespace namespace, List<IpAddress> addresses, TableFeed feed, BooleanSupplier proxyHealthy) {
        ServiceHealthPorts ports = new ServiceHealthPorts(namespace, addresses, feed, proxyHealthy);
        ports.thread.start();
        return ports;
    }

    private void run() {
        try {
            ServiceTable table = feed.awaitNewer(0);
            while (true) {
                wanted = ServiceHealth.of(table, addresses);
                boolean complete = openAndClose();
                table = complete ? feed.awaitNewer(table.revision()) : feed.awaitNewer(table.revision(), RETRY_MILLIS);
            }
        } catch (InterruptedException _) {
            LOG.debug("health ports of {} stop", namespace.name());
        } finally {
            open.values().forEach(server -> server.stop(0));
        }
    }

    private boolean openAndClose() {
        open.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().stop(0);
            }
            return gone;
        });
        wanted.keySet().stream().filter(at -> !open.containsKey(at)).forEach(this::listen);
        return open.keySet().containsAll(wanted.keySet());
    }

    private void listen(At at) {
        try {
            InetSocketAddress address = new InetSocketAddress(at.address().toInetAddress(), at.port());
            HttpServer server = namespace.call(() -> HttpServer.create(address, BACKLOG));
            server.createContext("/", exchange -> answer(exchange, at));
            server.setExecutor(threads);
            server.start();
            open.put(at, server);
        } catch (IOException e) {
            LOG.warn(
                    "health check port {} of Service {} cannot be opened, load balancers see node {} as down: {}",
                    at.address().withPort(at.port()),
                    wanted.get(at),
                    namespace.name(),
                    e.getMessage());
        }
    }

    private void answer(HttpExchange exchange, At at) throws IOException {
        try (exchange) {
            ServiceHealth health = wanted.get(at);
            if (health == null) { // closed at this moment
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            boolean healthy = proxyHealthy.getAsBoolean();
            byte[] body = health.toJson(healthy).getBytes(StandardCharsets.UTF_8);
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "application/json");
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("X-Load-Balancing-Endpoint-Weight", Integer.toString(health.localEndpoints()));
            exchange.sendResponseHeaders(health.localEndpoints() > 0 && healthy ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
