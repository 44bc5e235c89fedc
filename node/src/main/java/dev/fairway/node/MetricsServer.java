package dev.fairway.node;

import dev.fairway.kernel.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/// Tells who is on the node how its data plane does: `/metrics`, `/proxyMode` and `/healthz` on 127.0.0.1, on the port
/// of kube-proxy.
final class MetricsServer {

    static final int PORT = 10_249;

    private static final String PLAIN = "text/plain; charset=utf-8";

    private MetricsServer() {}

    /// @throws UncheckedIOException when the port is taken in the namespace
    static HttpPort start(NetworkNamespace namespace, ProxyMetrics metrics) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT);
        try {
            return HttpPort.open(
                    namespace,
                    address,
                    Map.of(
                            "/metrics",
                            exchange -> HttpPort.answer(exchange, 200, ProxyMetrics.CONTENT_TYPE, metrics.toText()),
                            "/proxyMode",
                            exchange -> HttpPort.answer(exchange, 200, PLAIN, "nftables"),
                            "/healthz",
                            exchange -> HttpPort.answer(exchange, 200, PLAIN, "ok")));
        } catch (IOException e) {
            throw new UncheckedIOException("listen for metrics on " + address + " in namespace " + namespace, e);
        }
    }
}
