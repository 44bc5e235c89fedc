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
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/// A running API server. It does not own the store.
public final class ApiServer implements AutoCloseable {

    private final Registry registry;
    private final Kinds kinds;
    private final HttpApi http;
    private final Door door;
    private final List<HttpApi> further = new CopyOnWriteArrayList<>();

    private ApiServer(Registry registry, Kinds kinds, HttpApi http, Door door) {
        this.registry = registry;
        this.kinds = kinds;
        this.http = http;
        this.door = door;
    }

    /// Opens a listener of this server.
    private interface Door {
        HttpApi open(String address, int port) throws IOException;
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
            Door door = (address, port) -> HttpApi.start(
                    address, port, key, config.authority().certificatePem(), registry, kinds, nodes, clock);
            return new ApiServer(registry, kinds, door.open(config.address(), config.port()), door);
        } catch (IOException e) {
            registry.close();
            throw e;
        }
    }

    public int port() {
        return http.port();
    }

    /// Listens on one more address, at the same port.
    ///
    /// @throws IOException when that is not possible
    public void listenAlso(String address) throws IOException {
        further.add(door.open(address, port()));
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
        further.forEach(HttpApi::close);
        http.close();
    }
}
