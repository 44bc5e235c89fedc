package dev.fairway.api;

import dev.fairway.api.http.HttpApi;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.security.Security;
import dev.fairway.api.security.ServerKeys;
import dev.fairway.api.security.User;
import dev.fairway.api.security.audit.AuditLog;
import dev.fairway.api.security.token.ServiceAccountTokens;
import dev.fairway.api.security.token.StaticTokens;
import dev.fairway.api.security.token.TokenAuthenticator;
import dev.fairway.api.security.token.TokenKeys;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.store.Store;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import tools.jackson.databind.node.ObjectNode;

/// A running API server. It does not own the store.
public final class ApiServer implements AutoCloseable {

    private final ApiServerConfig config;
    private final Kinds kinds;
    private final InstantSource clock = InstantSource.system();
    private final Security security = new Security();
    private final Registry registry;
    private final Deque<Runnable> started = new ConcurrentLinkedDeque<>();
    private final ServerKeys keys;
    private final ServiceAccountTokens tokens;
    private final HttpApi http;
    private final int port;

    private ApiServer(ApiServerConfig config, Store store, Kinds kinds, NodeDirectory nodes) throws IOException {
        this.config = config;
        this.kinds = kinds;
        this.registry = Registry.open(store, clock, new Random(), security.admission());
        try {
            this.keys = ServerKeys.open(config.authority(), config.reachedAs());
            started.push(keys::close);
            TokenKeys tokenKeys = TokenKeys.open(config.authority().folder());
            this.tokens = new ServiceAccountTokens(
                    tokenKeys, ApiServerConfig.ISSUER, List.of(ApiServerConfig.ISSUER), this::find, clock);
            security.start(client(Security.SELF));
            started.push(security::close);
            this.http = new HttpApi(door(), backend(nodes));
            started.push(http::close);
            this.port = http.listen(config.address(), config.port());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted while starting the API server", e);
        }
    }

    /// Answers from the moment it returns.
    ///
    /// @throws IOException when the port is taken, or keys cannot be read or written
    public static ApiServer start(ApiServerConfig config, Store store, Kinds kinds, NodeDirectory nodes)
            throws IOException {
        return new ApiServer(config, store, kinds, nodes);
    }

    private HttpApi.Backend backend(NodeDirectory nodes) {
        return new HttpApi.Backend(registry, kinds, nodes, keys::toNodes, clock, security.authorizer());
    }

    private HttpApi.Door door() throws IOException {
        StaticTokens fromFile = config.tokenFile().isPresent()
                ? StaticTokens.read(config.tokenFile().get())
                : StaticTokens.NONE;
        AuditLog audit = config.auditFolder().isPresent()
                ? AuditLog.open(config.auditFolder().get())
                : AuditLog.none();
        started.push(audit::close);
        return new HttpApi.Door(
                keys::current, config.authority()::trusted, new TokenAuthenticator(fromFile, tokens), audit);
    }

    private Optional<ObjectNode> find(Resource resource, String namespace, String name) {
        try {
            return Optional.of(registry.get(kinds.get(resource), namespace, name));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public int port() {
        return port;
    }

    /// Listens on one more address, at the same port.
    ///
    /// @throws IOException when that is not possible
    public void listenAlso(String address) throws IOException {
        http.listen(address, port);
    }

    /// The API for a part of this process.
    ///
    /// @param user on whose behalf it acts
    public ApiClient client(User user) {
        return new LocalApiClient(registry, kinds, security.authorizer(), Optional.of(tokens), user);
    }

    /// @param check called every minute, when certificates that were due have been renewed; must be quick
    public void onKeyCheck(Runnable check) {
        keys.onCheck(check);
    }

    /// Ends every watch, then the connections.
    @Override
    public void close() {
        registry.close();
        while (!started.isEmpty()) {
            started.pop().run();
        }
    }
}
