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

    boolean healthy(NetworkNamespace edge, IpAddress node);

    /// The node agent's health port: `GET /healthz` on 10256 answers 200, within 400 ms.
    static Probe healthz() {
        return http(10256, "/healthz", 400);
    }

    static Probe http(int port, String path, int timeoutMillis) {
        return (edge, node) -> {
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
