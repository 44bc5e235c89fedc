package dev.fairway.app.page;

import com.sun.net.httpserver.HttpServer;
import dev.fairway.app.StateFolder;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.schema.client.ApiClient;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The page's server: on loopback only, for reading only. Until somebody looks it does nothing.
public final class PageServer implements AutoCloseable {

    private final HttpServer http;
    private final ExecutorService visitors;
    private final Visits visits;

    private PageServer(HttpServer http, ExecutorService visitors, Visits visits) {
        this.http = http;
        this.visitors = visitors;
        this.visits = visits;
    }

    /// @param client with the right to read what the picture shows
    /// @param cluster whose nodes are looked into; its page port is used unless another program is there already
    /// @param observed by the nodes' kernels
    public static PageServer start(ApiClient client, ClusterConfig cluster, Observed observed, StateFolder state)
            throws IOException {
        HttpServer http = bound(cluster.pagePort());
        ExecutorService visitors = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("page ", 1).factory());
        http.setExecutor(visitors);
        Gate gate = new Gate(PageToken.of(state), http.getAddress().getPort());
        Visits visits = new Visits(gate, client, cluster, observed);
        http.createContext("/", visits::answer);
        http.start();
        return new PageServer(http, visitors, visits);
    }

    private static HttpServer bound(int port) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try {
            return HttpServer.create(new InetSocketAddress(loopback, port), 0);
        } catch (BindException taken) {
            return HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        }
    }

    public int port() {
        return http.getAddress().getPort();
    }

    /// The address with which a browser is let in.
    public static String url(StateFolder state, int port) {
        return "http://127.0.0.1:" + port + "/?token=" + PageToken.of(state);
    }

    @Override
    public void close() {
        visitors.shutdownNow();
        http.stop(0);
        visits.close();
    }
}
