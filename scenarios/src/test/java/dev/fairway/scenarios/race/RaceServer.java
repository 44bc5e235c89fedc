package dev.fairway.scenarios.race;

import dev.fairway.api.ApiServer;
import dev.fairway.api.ApiServerConfig;
import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.User;
import dev.fairway.scenarios.Admission;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// An API server on loopback with a store on disk, and nothing else of the cluster: no controller takes part in a race.
final class RaceServer implements AutoCloseable {

    private final Store store;
    private final CertificateAuthority authority;
    private final ApiServer server;

    private RaceServer(Store store, CertificateAuthority authority, ApiServer server) {
        this.store = store;
        this.authority = authority;
        this.server = server;
    }

    static RaceServer start(Path folder) throws IOException {
        Store store = Stores.sqlite(folder.resolve("store"));
        CertificateAuthority authority = CertificateAuthority.open(folder.resolve("pki"), InstantSource.system());
        ApiServerConfig config =
                new ApiServerConfig("127.0.0.1", 0, authority, new TreeSet<>(List.of("127.0.0.1", "localhost")));
        ApiServer server = ApiServer.start(config, store, Kinds.standard(), NodeDirectory.none());
        ObjectNode namespace = Json.object();
        Tree.makeObject(namespace, "metadata").put("name", "default");
        User admin = User.authenticated("race", List.of(User.MASTERS));
        if (server.client(admin).get(Resource.NAMESPACES, "", "default").isEmpty()) {
            server.client(admin).create(Resource.NAMESPACES, namespace);
        }
        return new RaceServer(store, authority, server);
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + server.port());
    }

    HttpClient client() throws IOException, GeneralSecurityException {
        return Admission.client(authority);
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }
}
