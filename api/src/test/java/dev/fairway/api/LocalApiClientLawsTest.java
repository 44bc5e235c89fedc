package dev.fairway.api;

import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.security.User;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.laws.ApiClientLaws;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class LocalApiClientLawsTest extends ApiClientLaws {

    private final Store store = Stores.memory();
    private final Registry registry = Registry.open(store, InstantSource.system(), new Random());
    private final ApiClient client =
            new LocalApiClient(registry, Kinds.standard(), User.authenticated("laws", List.of(User.MASTERS)));

    @BeforeEach
    void makeNamespace() {
        client.create(Resource.NAMESPACES, Json.parse("{\"metadata\": {\"name\": \"default\"}}"));
    }

    @AfterEach
    void stop() {
        registry.close();
        store.close();
    }

    @Override
    protected ApiClient client() {
        return client;
    }
}
