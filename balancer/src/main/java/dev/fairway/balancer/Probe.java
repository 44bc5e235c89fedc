package dev.fairway.balancer;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Asks a node, from the edge, whether it may get connections.
@FunctionalInterface
public interface Probe {

    /// The node agent's health port.
    int NODE_PORT = 10_256;

    /// @param port `NODE_PORT`, or the health check port of a Service that only nodes with its endpoints answer for
    boolean healthy(NetworkNamespace edge, IpAddress node, int port);

    /// `GET /healthz` answers 200, within 400 ms.
    static Probe healthz() {
        return http("/healthz", 400);
    }

    static Probe http(String path, int timeoutMillis) {
        return (edge, node, port) -> {
            // opened inside, used here: the socket stays in the namespace
            try (Socket socket = edge.call(Probe::openedSocket)) {
                socket.connect(new InetSocketAddress(node.toInetAddress(), port), timeoutMillis);
                socket.setSoTimeout(timeoutMillis);
                String request =
                        "GET " + path + " HTTP/1.1\r\nHost: " + node.withPort(port) + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                return status.startsWith("HTTP/1.") && status.endsWith(" 200");
            } catch (IOException _) {
                return false; // no answer is the answer
            }
        };
    }

    /// A socket exists in the kernel only once it has an option or a port.
    private static Socket openedSocket() throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        return socket;
    }
}
