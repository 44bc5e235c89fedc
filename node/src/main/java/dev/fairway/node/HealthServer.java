package dev.fairway.node;

import com.sun.net.httpserver.HttpExchange;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.schema.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Tells load balancers whether the node's data plane keeps up: `GET /healthz` and `/livez` on port 10256 of all of the
/// node's addresses, with 200 or 503.
final class HealthServer implements AutoCloseable {

    static final int PORT = 10_256;

    private final Supplier<Health> health;
    private final Clock clock;
    private final ProxyMetrics metrics;
    private final HttpPort port;

    /// @param inSync the data plane has taken up the newest table, or is not late with it
    /// @param lastUpdated when it last had
    /// @param eligible the node is not about to be removed
    record Health(boolean inSync, Instant lastUpdated, boolean eligible) {}

    private HealthServer(NetworkNamespace namespace, Supplier<Health> health, Clock clock, ProxyMetrics metrics)
            throws IOException {
        this.health = health;
        this.clock = clock;
        this.metrics = metrics;
        this.port = HttpPort.open(
                namespace, new InetSocketAddress(PORT), Map.of("/healthz", this::healthz, "/livez", this::livez));
    }

    /// @throws UncheckedIOException when the port is taken in the namespace
    static HealthServer start(NetworkNamespace namespace, Supplier<Health> health, Clock clock, ProxyMetrics metrics) {
        try {
            return new HealthServer(namespace, health, clock, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "listen for health checks on port " + PORT + " in namespace " + namespace, e);
        }
    }

    private void healthz(HttpExchange exchange) throws IOException {
        Health now = health.get();
        int code = now.inSync() && now.eligible() ? 200 : 503;
        metrics.healthAsked("healthz", code);
        answer(exchange, code, body(now).put("nodeEligible", now.eligible()));
    }

    private void livez(HttpExchange exchange) throws IOException {
        Health now = health.get();
        int code = now.inSync() ? 200 : 503;
        metrics.healthAsked("livez", code);
        answer(exchange, code, body(now));
    }

    private ObjectNode body(Health now) {
        return Json.object()
                .put("lastUpdated", now.lastUpdated().toString())
                .put("currentTime", clock.instant().toString());
    }

    private static void answer(HttpExchange exchange, int code, ObjectNode body) throws IOException {
        HttpPort.answer(exchange, code, "application/json", Json.toText(body));
    }

    @Override
    public void close() {
        port.close();
    }
}
