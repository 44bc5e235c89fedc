package dev.fairway.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.schema.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Tells load balancers whether the node's data plane keeps up: `GET /healthz` and `/livez` on port 10256 of all of the
/// node's addresses, with 200 or 503.
final class HealthServer implements AutoCloseable {

    static final int PORT = 10_256;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Supplier<Health> health;
    private final Clock clock;

    /// @param inSync the data plane has taken up the newest table, or is not late with it
    /// @param lastUpdated when it last had
    /// @param eligible the node is not about to be removed
    record Health(boolean inSync, Instant lastUpdated, boolean eligible) {}

    private HealthServer(HttpServer server, Supplier<Health> health, Clock clock) {
        this.server = server;
        this.health = health;
        this.clock = clock;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    /// @throws UncheckedIOException when the port is taken in the namespace
    static HealthServer start(NetworkNamespace namespace, Supplier<Health> health, Clock clock) {
        try {
            HttpServer server = namespace.call(() -> HttpServer.create(new InetSocketAddress(PORT), 128));
            HealthServer out = new HealthServer(server, health, clock);
            server.createContext("/healthz", exchange -> out.answer(exchange, true));
            server.createContext("/livez", exchange -> out.answer(exchange, false));
            server.setExecutor(out.threads);
            server.start();
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "listen for health checks on port " + PORT + " in namespace " + namespace, e);
        }
    }

    private void answer(HttpExchange exchange, boolean withNode) throws IOException {
        try (exchange) {
            Health now = health.get();
            boolean well = now.inSync() && (now.eligible() || !withNode);
            ObjectNode body = Json.object()
                    .put("lastUpdated", now.lastUpdated().toString())
                    .put("currentTime", clock.instant().toString());
            if (withNode) {
                body.put("nodeEligible", now.eligible());
            }
            byte[] bytes = Json.toText(body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(well ? 200 : 503, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
