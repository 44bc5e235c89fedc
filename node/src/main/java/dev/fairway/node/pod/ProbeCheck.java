package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.ProbeSpec.Check;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a container once whether it is well, over the network, from the node's own namespace.
final class ProbeCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeCheck.class);
    private static final int LINE_BYTES_MAX = 8192;
    private static final int HEADERS_MAX = 100;
    private static final int REDIRECTS_MAX = 10;
    private static final int REST_BYTES_MAX = 10_240;
    private static final int REST_MILLIS = 200;

    private final NetworkNamespace node;

    ProbeCheck(NetworkNamespace node) {
        this.node = node;
    }

    /// @param message the reason when it is not well; a warning when it is
    record Answer(boolean well, String message) {
        static final Answer WELL = new Answer(true, "");

        static Answer bad(String message) {
            return new Answer(false, message);
        }
    }

    /// A TCP connection.
    Answer tcp(InetSocketAddress target, long timeoutSeconds) {
        try (SocketChannel socket = connect(target, timeoutSeconds)) {
            return socket.isConnected() ? Answer.WELL : Answer.bad("dial tcp " + text(target) + ": not connected");
        } catch (SocketTimeoutException e) {
            return Answer.bad("dial tcp " + text(target) + ": i/o timeout");
        } catch (IOException e) {
            return Answer.bad("dial tcp " + text(target) + ": " + e.getMessage());
        }
    }

    /// gRPC's health service, without TLS.
    Answer grpc(InetSocketAddress target, String service, long timeoutSeconds) {
        try (SocketChannel socket = connect(target, timeoutSeconds)) {
            socket.socket().setSoTimeout((int) (timeoutSeconds * 1000));
            Optional<GrpcHealth.Status> status = GrpcHealth.ask(
                    socket.socket().getInputStream(), socket.socket().getOutputStream(), text(target), service);
            if (status.isEmpty()) {
                return Answer.bad("error: this server does not implement the grpc health protocol"
                        + " (grpc.health.v1.Health), or does not know the service \"" + service + "\"");
            }
            return status.get() == GrpcHealth.Status.SERVING
                    ? Answer.WELL
                    : Answer.bad("service unhealthy (responded with \"" + status.get() + "\")");
        } catch (IOException e) {
            return Answer.bad("timeout: failed to connect service \"%s\" within %ds: %s"
                    .formatted(text(target), timeoutSeconds, e.getMessage()));
        }
    }

    /// Follows redirects to the same host. One to another host is not followed and counts as well, with a warning.
    Answer http(InetSocketAddress target, Check.Http check, long timeoutSeconds) {
        URI uri = URI.create((check.tls() ? "https://" : "http://") + text(target))
                .resolve(check.path().replace(" ", "%20"));
        InetSocketAddress at = target;
        try {
            for (int i = 0; i < REDIRECTS_MAX; i++) {
                Reply reply = ask(at, uri, check, timeoutSeconds);
                if (!reply.isRedirect()) {
                    return judge(reply.status());
                }
                URI next = uri.resolve(reply.location());
                if (next.getHost() == null || !next.getHost().equals(uri.getHost())) {
                    return new Answer(true, "Probe terminated redirects, Response body: ");
                }
                at = new InetSocketAddress(at.getAddress(), port(next));
                uri = next;
            }
            return Answer.bad("Get \"" + uri + "\": stopped after 10 redirects");
        } catch (SocketTimeoutException e) {
            return Answer.bad("Get \"" + uri + "\": context deadline exceeded");
        } catch (IOException | IllegalArgumentException e) {
            return Answer.bad("Get \"" + uri + "\": " + e.getMessage());
        }
    }

    private static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }

    private static Answer judge(int status) {
        return status >= 200 && status < 400 ? Answer.WELL : Answer.bad("HTTP probe failed with statuscode: " + status);
    }

    /// @param location empty when the answer leads nowhere else
    private record Reply(int status, String location) {
        boolean isRedirect() {
            return status >= 300 && status < 400 && !location.isEmpty();
        }
    }

    private Reply ask(InetSocketAddress target, URI uri, Check.Http check, long timeoutSeconds) throws IOException {
        try (SocketChannel channel = connect(target, timeoutSeconds);
                Socket socket = uri.getScheme().equals("https") ? overTls(channel, target) : channel.socket()) {
            socket.setSoTimeout((int) (timeoutSeconds * 1000));
            socket.getOutputStream().write(request(target, uri, check).getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            int status = status(line(socket));
            String location = "";
            String line = line(socket);
            for (int i = 0; i < HEADERS_MAX && !line.isEmpty(); i++) {
                if (line.regionMatches(true, 0, "location:", 0, 9)) {
                    location = line.substring(9).strip();
                }
                line = line(socket);
            }
            readOn(socket);
            return new Reply(status, location);
        }
    }

    /// Whoever the server says it is: a probe asks whether it answers, as upstream does it.
    private static Socket overTls(SocketChannel channel, InetSocketAddress target) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, null);
            return context.getSocketFactory()
                    .createSocket(channel.socket(), target.getHostString(), target.getPort(), true);
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS is not to be had: " + e.getMessage(), e);
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
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

    private static String request(InetSocketAddress target, URI uri, Check.Http check) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Host", text(target));
        headers.put("User-Agent", "kube-probe/fairway");
        headers.put("Accept", "*/*");
        headers.putAll(check.headers());
        headers.put("Connection", "close");
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        StringBuilder out = new StringBuilder("GET " + uri.getRawPath() + query + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> out.append(name).append(": ").append(value).append("\r\n"));
        return out.append("\r\n").toString();
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        var in = socket.getInputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > LINE_BYTES_MAX) {
                throw new IOException(line.isEmpty() ? "EOF" : "malformed HTTP response");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private static int status(String line) throws IOException {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[0-9]{3}")) {
            throw new IOException("malformed HTTP response \"" + line + "\"");
        }
        return Integer.parseInt(words[1]);
    }

    /// Takes up the rest of the answer, within bounds, so that the server is not cut off while it writes. The status is
    /// known by now: what else comes, or does not, changes nothing.
    private static void readOn(Socket socket) {
        long deadline = System.nanoTime() + REST_MILLIS * 1_000_000L;
        byte[] buffer = new byte[REST_BYTES_MAX];
        try {
            socket.setSoTimeout(REST_MILLIS);
            var in = socket.getInputStream();
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
