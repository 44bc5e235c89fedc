package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.ProbeSpec.Check;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a container once whether it is well, over the network, from the node's own namespace.
final class ProbeCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeCheck.class);
    private static final int STATUS_LINE_BYTES_MAX = 1024;
    private static final int REST_BYTES_MAX = 10_240;
    private static final int REST_MILLIS = 200;

    private final NetworkNamespace node;

    ProbeCheck(NetworkNamespace node) {
        this.node = node;
    }

    /// @param well false with the reason in `message`
    record Answer(boolean well, String message) {
        static final Answer WELL = new Answer(true, "");

        static Answer bad(String message) {
            return new Answer(false, message);
        }
    }

    /// A TCP connection; a TLS server is well when it accepts one.
    Answer tcp(InetSocketAddress target, long timeoutSeconds) {
        try (SocketChannel socket = connect(target, timeoutSeconds)) {
            return socket.isConnected() ? Answer.WELL : Answer.bad("dial tcp " + text(target) + ": not connected");
        } catch (SocketTimeoutException e) {
            return Answer.bad("dial tcp " + text(target) + ": i/o timeout");
        } catch (IOException e) {
            return Answer.bad("dial tcp " + text(target) + ": " + e.getMessage());
        }
    }

    Answer http(InetSocketAddress target, Check.Http check, long timeoutSeconds) {
        if (check.tls()) {
            return tcp(target, timeoutSeconds);
        }
        String url = "http://" + text(target) + check.path();
        try (SocketChannel socket = connect(target, timeoutSeconds)) {
            socket.socket().setSoTimeout((int) (timeoutSeconds * 1000));
            socket.socket().getOutputStream().write(request(target, check).getBytes(StandardCharsets.ISO_8859_1));
            int status = status(socket);
            readOn(socket);
            return status >= 200 && status < 400
                    ? Answer.WELL
                    : Answer.bad("HTTP probe failed with statuscode: " + status);
        } catch (SocketTimeoutException e) {
            return Answer.bad("Get \"" + url + "\": context deadline exceeded");
        } catch (IOException e) {
            return Answer.bad("Get \"" + url + "\": " + e.getMessage());
        }
    }

    private SocketChannel connect(InetSocketAddress target, long timeoutSeconds) throws IOException {
        SocketChannel socket = node.call(() -> SocketChannel.open());
        try {
            socket.socket().connect(target, (int) (timeoutSeconds * 1000));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static String request(InetSocketAddress target, Check.Http check) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Host", text(target));
        headers.put("User-Agent", "kube-probe/fairway");
        headers.put("Accept", "*/*");
        headers.putAll(check.headers());
        headers.put("Connection", "close");
        StringBuilder out = new StringBuilder("GET " + check.path() + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> out.append(name).append(": ").append(value).append("\r\n"));
        return out.append("\r\n").toString();
    }

    private static int status(SocketChannel socket) throws IOException {
        StringBuilder line = new StringBuilder();
        var in = socket.socket().getInputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > STATUS_LINE_BYTES_MAX) {
                throw new IOException(line.isEmpty() ? "EOF" : "malformed HTTP response");
            }
            line.append((char) c);
        }
        String[] words = line.toString().strip().split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[0-9]{3}")) {
            throw new IOException("malformed HTTP response \"" + line.toString().strip() + "\"");
        }
        return Integer.parseInt(words[1]);
    }

    /// Takes up the rest of the answer, within bounds, so that the server is not cut off while it writes. The status is
    /// known by now: what else comes, or does not, changes nothing.
    private static void readOn(SocketChannel socket) {
        long deadline = System.nanoTime() + REST_MILLIS * 1_000_000L;
        byte[] buffer = new byte[REST_BYTES_MAX];
        try {
            socket.socket().setSoTimeout(REST_MILLIS);
            var in = socket.socket().getInputStream();
            int total = 0;
            int got = 0;
            while (got >= 0 && total < REST_BYTES_MAX && System.nanoTime() < deadline) {
                got = in.read(buffer, total, REST_BYTES_MAX - total);
                total += got;
            }
        } catch (IOException e) {
            LOG.debug("the rest of a probe's answer: {}", e.toString());
        }
    }

    private static String text(InetSocketAddress target) {
        return IpAddress.of(target.getAddress()).withPort(target.getPort());
    }
}
