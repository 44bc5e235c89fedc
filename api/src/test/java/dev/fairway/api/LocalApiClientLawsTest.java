package dev.fairway.api;

import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.laws.ApiClientLaws;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class LocalApiClientLawsTest extends ApiClientLaws {

    private Cluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.start();
    }

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    @Override
    protected ApiClient client() {
        return cluster.client;
    }
}
