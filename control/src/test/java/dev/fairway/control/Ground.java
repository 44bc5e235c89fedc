package dev.fairway.control;

import dev.fairway.api.LocalApiClient;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.security.Security;
import dev.fairway.api.security.User;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.memory.MemoryApi;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/// What the controllers of a test work on.
enum Ground {
    /// The tests' own API in memory: no validation, no defaults.
    MEMORY {
        @Override
        Opened open(Clock clock) {
            MemoryApi api = new MemoryApi(clock);
            return new Opened(api, api, () -> {});
        }
    },
    /// The API server's registry over a memory store, with all rules of all kinds. The controllers have the rights that
    /// the bootstrap roles give them, and no others.
    SERVER {
        @Override
        Opened open(Clock clock) {
            Store store = Stores.memory();
            Registry registry = Registry.open(store, clock, new Random());
            Security security = new Security();
            Kinds kinds = Kinds.standard();
            Function<User, ApiClient> clients =
                    user -> new LocalApiClient(registry, kinds, security.authorizer(), user);
            start(security, clients.apply(Security.SELF));
            User controllers = User.authenticated("system:kube-controller-manager", List.of());
            return new Opened(clients.apply(Security.SELF), clients.apply(controllers), () -> {
                registry.close();
                security.close();
                store.close();
            });
        }

        private void start(Security security, ApiClient client) {
            try {
                security.start(client);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    };

    /// @param client may do everything
    /// @param controllers the controllers' own
    /// @param close gives everything back
    record Opened(ApiClient client, ApiClient controllers, Runnable close) {}

    abstract Opened open(Clock clock);
}
