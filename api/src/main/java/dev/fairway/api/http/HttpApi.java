package dev.fairway.api.http;

import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.security.Authorizer;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.ClientCertificates;
import dev.fairway.api.security.audit.AuditLog;
import dev.fairway.api.security.token.TokenAuthenticator;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The API over HTTP: wires routes to sockets.
public final class HttpApi implements AutoCloseable {

    private static final List<String> SOCKET_PROTOCOLS =
            List.of("v5.channel.k8s.io", "v4.channel.k8s.io", "SPDY/3.1+portforward.k8s.io", "base64.binary.k8s.io");

    private static final int HEADER_BYTES_MAX = 64 * 1024;

    /// Streams at once on a connection: upstream's `--http2-max-streams-per-connection`.
    private static final int STREAMS_MAX = 250;

    private final HttpFront front;
    private final Door door;

    public HttpApi(Door door, Backend backend) {
        this.door = door;
        InFlight inFlight = new InFlight();
        ApiMetrics metrics = new ApiMetrics(backend.kinds, inFlight);
        Router router = router(door, backend, metrics);
        Gate gate = new Gate(backend.authorizer, inFlight, door.audit, metrics, backend.clock, router::answer);
        Credentials credentials = new Credentials(new ClientCertificates(door.authorities, backend.clock), door.tokens);
        this.front = new HttpFront(credentials, gate, inFlight);
    }

    /// What stands behind the server.
    public record Backend(
            Registry registry, Kinds kinds, NodeDirectory nodes, InstantSource clock, Authorizer authorizer) {}

    /// Who may come in, and where it is written down.
    ///
    /// @param key the server's own, asked for at each handshake
    /// @param authorities whose certificates are trusted, asked for at each handshake and each new certificate
    public record Door(
            Supplier<CertifiedKey> key,
            Supplier<List<X509Certificate>> authorities,
            TokenAuthenticator tokens,
            AuditLog audit) {}

    /// Listens on one more address.
    ///
    /// @param port 0 for any free one
    /// @return the port
    /// @throws IOException when the address cannot be listened on
    public int listen(String address, int port) throws IOException {
        return front.listen(options(address, port, door));
    }

    private static Router router(Door door, Backend backend, ApiMetrics metrics) {
        Registry registry = backend.registry;
        Kinds kinds = backend.kinds;
        ObjectRoutes objects = new ObjectRoutes(registry, new Answers(backend.clock), backend.clock);
        PlainRoutes plain = new PlainRoutes(
                health(registry),
                metrics,
                Discovery.of(kinds, ReviewRoutes.RESOURCES),
                OpenApiRoutes.of(kinds, ReviewRoutes.RESOURCES, PlainRoutes.VERSION),
                door.tokens.accounts());
        return new Router(
                kinds,
                backend.authorizer,
                plain,
                objects,
                new SubresourceRoutes(registry, objects, backend.nodes, door.tokens.accounts()),
                new ReviewRoutes(backend.authorizer, door.tokens));
    }

    /// The store's check has upstream's name, by which tools ask for it.
    private static Health health(Registry registry) {
        Map<String, Supplier<Optional<String>>> live = new LinkedHashMap<>();
        live.put("ping", Optional::empty);
        live.put("etcd", () -> registry.revision() > 0 ? Optional.empty() : Optional.of("the store has no revision"));
        return new Health(live, Map.of("informer-sync", registry::behind));
    }

    private static HttpServerOptions options(String address, int port, Door door) {
        HttpServerOptions options = new HttpServerOptions();
        ServerTls.CIPHERS.forEach(options::addEnabledCipherSuite);
        return options.setHost(address)
                .setPort(port)
                .setSsl(true)
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setKeyCertOptions(KeyCertOptions.wrap(new ServerTls.Key(door.key)))
                .setTrustOptions(TrustOptions.wrap(new ServerTls.Trust(door.authorities)))
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

    @Override
    public void close() {
        front.close();
    }
}
