package dev.fairway.scenarios;

import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.store.EtcdServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/// Two servers of one authority on one etcd, each a process of its own.
public final class TwoServers implements AutoCloseable {

    private final EtcdServer etcd;
    private final ServerProcess one;
    private final ServerProcess other;
    private final HttpClient http;

    private TwoServers(EtcdServer etcd, ServerProcess one, ServerProcess other, HttpClient http) {
        this.etcd = etcd;
        this.one = one;
        this.other = other;
        this.http = http;
    }

    /// The first one leads: the second begins when the first is ready.
    public static TwoServers start(Path folder) throws Exception {
        Path keys = folder.resolve("one").resolve("pki");
        CertificateAuthority authority = CertificateAuthority.open(keys, InstantSource.system());
        copy(keys, folder.resolve("other").resolve("pki"));
        HttpClient http = Admission.client(authority);
        EtcdServer etcd = EtcdServer.start(folder);
        ServerProcess one = ServerProcess.start(folder.resolve("one"), etcd.location());
        one.awaitReady(http);
        ServerProcess other = ServerProcess.start(folder.resolve("other"), etcd.location());
        other.awaitReady(http);
        return new TwoServers(etcd, one, other, http);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }

    public EtcdServer etcd() {
        return etcd;
    }

    public ServerProcess one() {
        return one;
    }

    public ServerProcess other() {
        return other;
    }

    public HttpClient http() {
        return http;
    }

    public List<URI> urls() {
        return List.of(one.url(), other.url());
    }

    private HttpResponse<String> get(ServerProcess at, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(at.url().resolve(path)).build(), BodyHandlers.ofString());
    }

    /// A new namespace gets its ServiceAccount from the controllers: tells how long they took.
    public Duration awaitControllers(ServerProcess at, String namespace) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        String body = "{\"metadata\":{\"name\":\"" + namespace + "\"}}";
        HttpRequest create = HttpRequest.newBuilder(at.url().resolve("/api/v1/namespaces"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        int created = http.send(create, BodyHandlers.discarding()).statusCode();
        if (created != 201) {
            throw new IllegalStateException("creating namespace " + namespace + ": code " + created);
        }
        String account = "/api/v1/namespaces/" + namespace + "/serviceaccounts/default";
        while (get(at, account).statusCode() != 200) {
            Thread.sleep(100);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Override
    public void close() {
        http.shutdownNow();
        one.close();
        other.close();
        etcd.close();
    }
}
