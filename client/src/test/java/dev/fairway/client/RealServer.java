package dev.fairway.client;

import dev.fairway.api.ApiServer;
import dev.fairway.api.ApiServerConfig;
import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.Kubeconfig;
import dev.fairway.api.security.User;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// A real API server with TLS on loopback, and a kubeconfig for it. It can go away and come back.
final class RealServer implements AutoCloseable {

    private final Path folder;
    private final Store store = Stores.memory();
    private final CertificateAuthority authority;
    private ApiServer server;

    RealServer(Path folder) throws IOException {
        this.folder = folder;
        this.authority = CertificateAuthority.open(folder.resolve("pki"), InstantSource.system());
        this.server = start(0);
        writeKubeconfig("admin", List.of(User.MASTERS));
        makeDefaultNamespace();
    }

    private ApiServer start(int port) throws IOException {
        ApiServerConfig config =
                new ApiServerConfig("127.0.0.1", port, authority, new TreeSet<>(List.of("127.0.0.1", "localhost")));
        return ApiServer.start(config, store, Kinds.standard(), NodeDirectory.none());
    }

    private void makeDefaultNamespace() {
        try {
            server.client(User.authenticated("setup", List.of(User.MASTERS)))
                    .create(Resource.NAMESPACES, Json.parse("{\"metadata\": {\"name\": \"default\"}}"));
        } catch (ApiException e) {
            if (!e.isAlreadyExists()) {
                throw e;
            }
        }
    }

    String url() {
        return "https://127.0.0.1:" + server.port();
    }

    Path kubeconfig() {
        return folder.resolve("admin.kubeconfig");
    }

    private void writeKubeconfig(String user, List<String> groups) throws IOException {
        new Kubeconfig("test", url(), authority.certificatePem(), authority.client(user, user, groups))
                .write(folder.resolve(user + ".kubeconfig"));
    }

    /// Puts in what a kubeconfig for this server says: `FOLDER` is where `authority.pem`, `certificate.pem`, `key.pem`
    /// and, in the newer form, `key8.pem` are; with `-64` it is what they hold.
    String filled(String template) throws IOException {
        CertifiedKey admin = authority.client("admin", "admin", List.of(User.MASTERS));
        Map<String, String> texts = Map.of(
                "authority", authority.certificatePem(),
                "certificate", admin.certificatePem(),
                "key", admin.curveKeyPem(),
                "key8", admin.keyPem());
        String out = template.replace("FOLDER", folder.toString());
        for (Map.Entry<String, String> text : texts.entrySet()) {
            byte[] bytes = text.getValue().getBytes(StandardCharsets.US_ASCII);
            Files.write(folder.resolve(text.getKey() + ".pem"), bytes);
            out = out.replace(
                    text.getKey().toUpperCase(Locale.ROOT) + "-64",
                    Base64.getEncoder().encodeToString(bytes));
        }
        return out;
    }

    /// Stops answering, runs the action, and is there again at the same address with the same objects.
    void awayDuring(Runnable action) throws IOException {
        int port = server.port();
        server.close();
        action.run();
        server = start(port);
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }
}
