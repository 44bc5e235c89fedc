package dev.fairway.api.http;

import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.security.Authorizer;
import dev.fairway.api.security.CertifiedKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
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

    private final HttpFront front;

    private HttpApi(HttpFront front) {
        this.front = front;
    }

    /// @param port 0 for any free one
    /// @throws IOException when the address cannot be listened on
    public static HttpApi start(
            String address,
            int port,
            CertifiedKey key,
            String authorityPem,
            Registry registry,
            Kinds kinds,
            NodeDirectory nodes,
            InstantSource clock)
            throws IOException {
        Authorizer authorizer = new Authorizer();
        ObjectRoutes objects = new ObjectRoutes(registry, new Answers(clock), clock);
        Router router = new Router(
                kinds,
                authorizer,
                new PlainRoutes(
                        health(registry),
                        Discovery.of(kinds, ReviewRoutes.RESOURCES),
                        OpenApiRoutes.of(kinds, ReviewRoutes.RESOURCES, PlainRoutes.VERSION)),
                objects,
                new SubresourceRoutes(registry, objects, nodes),
                new ReviewRoutes(authorizer));
        return new HttpApi(HttpFront.start(options(address, port, key, authorityPem), router::answer));
    }

    /// The store's check has upstream's name, by which tools ask for it.
    private static Health health(Registry registry) {
        Map<String, Supplier<Optional<String>>> live = new LinkedHashMap<>();
        live.put("ping", Optional::empty);
        live.put("etcd", () -> registry.revision() > 0 ? Optional.empty() : Optional.of("the store has no revision"));
        return new Health(live, Map.of("informer-sync", registry::behind));
    }

    private static HttpServerOptions options(String address, int port, CertifiedKey key, String authorityPem) {
        return new HttpServerOptions()
                .setHost(address)
                .setPort(port)
                .setSsl(true)
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(Buffer.buffer(key.keyPem()))
                        .addCertValue(Buffer.buffer(key.certificatePem())))
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authorityPem)))
                .setClientAuth(ClientAuth.REQUEST)
                .setWebSocketSubProtocols(SOCKET_PROTOCOLS)
                .setMaxWebSocketFrameSize(HttpFront.BODY_BYTES_MAX)
                .setMaxWebSocketMessageSize(HttpFront.BODY_BYTES_MAX)
                .setMaxHeaderSize(64 * 1024)
                .setMaxInitialLineLength(64 * 1024)
                .setTcpNoDelay(true)
                .setHandle100ContinueAutomatically(true);
    }

    public int port() {
        return front.port();
    }

    @Override
    public void close() {
        front.close();
    }
}
