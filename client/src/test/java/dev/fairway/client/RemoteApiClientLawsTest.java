package dev.fairway.client;

import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.laws.ApiClientLaws;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Over TLS, with a client certificate from a kubeconfig.
class RemoteApiClientLawsTest extends ApiClientLaws {

    /// Keys are made once: each test has a server and a store of its own.
    @TempDir
    private static Path folder;

    private RealServer server;
    private RemoteApiClient client;

    @BeforeEach
    void start() throws IOException {
        server = new RealServer(folder);
        client = RemoteApiClient.open(server.kubeconfig(), "laws");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Override
    protected ApiClient client() {
        return client;
    }
}
