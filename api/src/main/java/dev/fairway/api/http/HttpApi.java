package dev.fairway.api.http;

import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.proxy.NodeWays;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.security.Authorizer;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.ClientCertificates;
import dev.fairway.api.security.User;
import dev.fairway.api.security.audit.AuditLog;
import dev.fairway.api.security.token.TokenAuthenticator;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The API over HTTP: wires routes to sockets.
public final class HttpApi implements AutoCloseable {

    private final HttpFront front;
    private final Door door;

    public HttpApi(Door door, Backend backend) {
        this.door = door;
        InFlight inFlight = new InFlight();
        ApiMetrics metrics = new ApiMetrics(backend.kinds, inFlight);
        Router router = router(door, backend, metrics);
        Gate gate = new Gate(backend.authorizer, inFlight, door.audit, metrics, backend.clock, router::answer);
        Credentials credentials = new Credentials(new ClientCertificates(door.authorities, backend.clock), door.tokens);
        this.front = new HttpFront(new Guarded(credentials, gate, inFlight));
    }

    private record Guarded(Credentials credentials, Gate gate, InFlight inFlight) implements Entrance {
        @Override
        public User user(HttpServerRequest request) {
            return credentials.user(request);
        }

        @Override
        public void pass(Call call, Sender sender) throws InterruptedException {
            gate.pass(call, sender);
        }

        @Override
        public void sweep() {
            inFlight.sweep();
        }
    }

    /// What stands behind the server.
    ///
    /// @param nodes those of this process
    /// @param toNodes by what other nodes know this server
    public record Backend(
            Registry registry,
            Kinds kinds,
            NodeDirectory nodes,
            Supplier<CertifiedKey> toNodes,
            InstantSource clock,
            Authorizer authorizer) {}

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
        return front.listen(ListenOptions.of(address, port, door.key, door.authorities));
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
                new SubresourceRoutes(
                        registry,
                        objects,
                        backend.nodes,
                        new NodeWays(registry, backend.toNodes),
                        door.tokens.accounts()),
                new ReviewRoutes(backend.authorizer, door.tokens));
    }

    /// The store's check has upstream's name, by which tools ask for it.
    private static Health health(Registry registry) {
        Map<String, Supplier<Optional<String>>> live = new LinkedHashMap<>();
        live.put("ping", Optional::empty);
        live.put("etcd", () -> registry.revision() > 0 ? Optional.empty() : Optional.of("the store has no revision"));
        return new Health(live, Map.of("informer-sync", registry::behind));
    }

    @Override
    public void close() {
        front.close();
    }
}
