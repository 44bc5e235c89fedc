package dev.fairway.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.fairway.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A small HTTP server inside a network namespace, with a thread for each request.
final class HttpPort implements AutoCloseable {

    private static final int BACKLOG = 128;

    private final HttpServer server;
    private final ExecutorService threads;

    private HttpPort(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /// @param paths what is answered below which path
    /// @throws IOException when the address cannot be bound
    static HttpPort open(NetworkNamespace namespace, InetSocketAddress address, Map<String, HttpHandler> paths)
            throws IOException {
        HttpServer server = namespace.call(() -> HttpServer.create(address, BACKLOG));
        HttpPort port = new HttpPort(server, Executors.newVirtualThreadPerTaskExecutor());
        paths.forEach(server::createContext);
        server.setExecutor(port.threads);
        server.start();
        return port;
    }

    /// Answers with a text and closes the exchange.
    static void answer(HttpExchange exchange, int code, String contentType, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
