package dev.fairway.control;

import dev.fairway.api.LocalApiClient;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.security.User;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.memory.MemoryApi;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.time.Clock;
import java.util.List;
import java.util.Random;

/// What the controllers of a test work on.
enum Ground {
    /// The tests' own API in memory: no validation, no defaults.
    MEMORY {
        @Override
        Opened open(Clock clock) {
            return new Opened(new MemoryApi(clock), () -> {});
        }
    },
    /// The API server's registry over a memory store, with all rules of all kinds.
    SERVER {
        @Override
        Opened open(Clock clock) {
            Store store = Stores.memory();
            Registry registry = Registry.open(store, clock, new Random());
            User user = User.authenticated("system:controllers", List.of(User.MASTERS));
            return new Opened(new LocalApiClient(registry, Kinds.standard(), user), () -> {
                registry.close();
                store.close();
            });
        }
    };

    /// @param close gives everything back
    record Opened(ApiClient client, Runnable close) {}

    abstract Opened open(Clock clock);
}
