package dev.fairway.api.http;

import dev.fairway.api.security.CertifiedKey;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// How the servers of this room listen: TLS with client certificates, HTTP/1.1 and HTTP/2, WebSockets.
final class ListenOptions {

    private static final List<String> SOCKET_PROTOCOLS =
            List.of("v5.channel.k8s.io", "v4.channel.k8s.io", "SPDY/3.1+portforward.k8s.io", "base64.binary.k8s.io");

    private static final int HEADER_BYTES_MAX = 64 * 1024;

    /// Streams at once on a connection: upstream's `--http2-max-streams-per-connection`.
    private static final int STREAMS_MAX = 250;

    private ListenOptions() {}

    /// @param port 0 for any free one
    /// @param key the server's own, asked for at each handshake
    /// @param authorities whose client certificates are welcome, asked for at each handshake
    static HttpServerOptions of(
            String address, int port, Supplier<CertifiedKey> key, Supplier<List<X509Certificate>> authorities) {
        HttpServerOptions options = new HttpServerOptions();
        ServerTls.CIPHERS.forEach(options::addEnabledCipherSuite);
        return options.setHost(address)
                .setPort(port)
                .setSsl(true)
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setKeyCertOptions(KeyCertOptions.wrap(new ServerTls.Key(key)))
                .setTrustOptions(TrustOptions.wrap(new ServerTls.Trust(authorities)))
                .setClientAuth(ClientAuth.REQUEST)
                .setWebSocketSubProtocols(SOCKET_PROTOCOLS)
                .setMaxWebSocketFrameSize(HttpFront.BODY_BYTES_MAX)
                .setMaxWebSocketMessageSize(HttpFront.BODY_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxInitialLineLength(HEADER_BYTES_MAX)
                .setInitialSettings(
                        new Http2Settings().setMaxConcurrentStreams(STREAMS_MAX).setMaxHeaderListSize(HEADER_BYTES_MAX))
                // Nobody asks for it, and each frame would pass through it.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setTcpNoDelay(true)
                .setHandle100ContinueAutomatically(true);
    }
}
