package dev.fairway.api;

import dev.fairway.api.kind.Kinds;
import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.Kubeconfig;
import dev.fairway.api.security.User;
import dev.fairway.schema.Json;
import dev.fairway.schema.KubeletEndpoint;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A real API server on loopback with a memory store, and a kubeconfig for kubectl. For tests.
final class Cluster implements AutoCloseable {

    private final Path folder;
    private final Store store;
    final CertificateAuthority authority;
    final ApiServer server;
    final ApiClient client;

    private Cluster(Path folder, Store store, CertificateAuthority authority, ApiServer server) {
        this.folder = folder;
        this.store = store;
        this.authority = authority;
        this.server = server;
        this.client = server.client(User.authenticated("test", List.of(User.MASTERS)));
    }

    static Cluster start() throws IOException {
        return start(NodeDirectory.none(), Stores.memory());
    }

    static Cluster start(NodeDirectory nodes) throws IOException {
        return start(nodes, Stores.memory());
    }

    /// @param store closed with the cluster
    static Cluster start(NodeDirectory nodes, Store store) throws IOException {
        return start(nodes, store, Optional.empty(), Optional.empty());
    }

    /// With static tokens and an audit log.
    static Cluster start(Path tokenFile, Path auditFolder) throws IOException {
        return start(NodeDirectory.none(), Stores.memory(), Optional.of(tokenFile), Optional.of(auditFolder));
    }

    private static Cluster start(NodeDirectory nodes, Store store, Optional<Path> tokenFile, Optional<Path> auditFolder)
            throws IOException {
        Path folder = Files.createTempDirectory("fairway-api-");
        CertificateAuthority authority = CertificateAuthority.open(folder.resolve("pki"), InstantSource.system());
        ApiServerConfig config = new ApiServerConfig(
                "127.0.0.1", 0, authority, new TreeSet<>(List.of("127.0.0.1", "localhost")), tokenFile, auditFolder);
        Cluster cluster =
                new Cluster(folder, store, authority, ApiServer.start(config, store, Kinds.standard(), nodes));
        cluster.writeKubeconfig("admin", List.of("system:masters"));
        cluster.client.create(Resource.NAMESPACES, Json.parse("""
            {"metadata": {"name": "default"}}"""));
        cluster.client.create(Resource.SERVICE_ACCOUNTS, Json.parse("""
            {"metadata": {"name": "default", "namespace": "default"}}"""));
        return cluster;
    }

    /// A node of this cluster that answers for its pods by HTTP, and its Node.
    NodeEndpoint nodeElsewhere(String name, PodAccess pods) throws IOException {
        CertifiedKey key = CertifiedKey.alone(name, new TreeSet<>(List.of("127.0.0.1")), Instant.now());
        NodeEndpoint endpoint = NodeEndpoint.start(
                new NodeEndpoint.Config(name, List.of("127.0.0.1"), 0, key, authority.trusted()), pods);
        client.create(Resource.NODES, node(name, Optional.of(endpoint.announcement())));
        return endpoint;
    }

    static ObjectNode node(String name, Optional<KubeletEndpoint> endpoint) {
        ObjectNode node = Json.parse("""
                {"metadata": {"name": "%s"}, "status": {"addresses": [{"type": "InternalIP", "address": "127.0.0.1"}]}}
                """.formatted(name));
        KubeletEndpoint.patchMetadata(node, endpoint);
        KubeletEndpoint.patchStatus(node, endpoint);
        return node;
    }

    String url() {
        return "https://127.0.0.1:" + server.port();
    }

    Path kubeconfig() {
        return folder.resolve("admin.kubeconfig");
    }

    Path writeKubeconfig(String user, List<String> groups) throws IOException {
        CertifiedKey key = authority.client(user, user, groups);
        Path file = Ran.kubeconfig(folder, user);
        new Kubeconfig("test", url(), authority.certificatePem(), key).write(file);
        return file;
    }

    /// Runs `kubectl` with these words as the administrator.
    Ran kubectl(String... words) throws IOException, InterruptedException {
        return Ran.run(folder, "admin", "", words);
    }

    /// The same with text on its standard input.
    Ran kubectlWith(String input, String... words) throws IOException, InterruptedException {
        return Ran.run(folder, "admin", input, words);
    }

    Ran kubectlAs(String user, String... words) throws IOException, InterruptedException {
        return Ran.run(folder, user, "", words);
    }

    @Override
    public void close() throws IOException {
        server.close();
        store.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
