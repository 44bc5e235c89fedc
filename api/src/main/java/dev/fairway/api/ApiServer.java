package dev.fairway.api;

import dev.fairway.api.http.HttpApi;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.User;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.store.Store;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Random;

/// A running API server. It does not own the store.
public final class ApiServer implements AutoCloseable {

    private final Registry registry;
    private final Kinds kinds;
    private final HttpApi http;

    private ApiServer(Registry registry, Kinds kinds, HttpApi http) {
        this.registry = registry;
        this.kinds = kinds;
        this.http = http;
    }

    /// Answers from the moment it returns.
    ///
    /// @throws IOException when the port is taken, or keys cannot be read or written
    public static ApiServer start(ApiServerConfig config, Store store, Kinds kinds, NodeDirectory nodes)
            throws IOException {
        InstantSource clock = InstantSource.system();
        CertifiedKey key = config.authority().server("server", config.reachedAs());
        Registry registry = Registry.open(store, clock, new Random());
        try {
            HttpApi http = HttpApi.start(
                    config.address(),
                    config.port(),
                    key,
                    config.authority().certificatePem(),
                    registry,
                    kinds,
                    nodes,
                    clock);
            return new ApiServer(registry, kinds, http);
        } catch (IOException e) {
            registry.close();
            throw e;
        }
    }

    public int port() {
        return http.port();
    }

    /// The API for a part of this process.
    ///
    /// @param user on whose behalf it acts
    public ApiClient client(User user) {
        return new LocalApiClient(registry, kinds, user);
    }

    /// Ends every watch, then the connections.
    @Override
    public void close() {
        registry.close();
        http.close();
    }
}
