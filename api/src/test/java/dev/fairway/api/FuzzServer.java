package dev.fairway.api;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// A real API server that gets whatever bodies, paths and parameters come along; one for the life of the process. Every
/// request is a dry run or reads, so that nothing piles up.
final class FuzzServer {

    static final FuzzServer RUNNING = start();

    /// So long may an answer take; longer is a hang.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String PODS = "/api/v1/namespaces/default/pods";

    /// The first byte of an input chooses one.
    private record Way(String method, String path, String contentType) {}

    private static final List<Way> WAYS = List.of(
            new Way("POST", SERVICES + "?dryRun=All", "application/json"),
            new Way("POST", SERVICES + "?dryRun=All&fieldValidation=Strict", "application/yaml"),
            new Way("POST", SERVICES + "?dryRun=All", "application/vnd.kubernetes.protobuf"),
            new Way("PUT", SERVICES + "/web?dryRun=All", "application/json"),
            new Way("PATCH", SERVICES + "/web?dryRun=All", "application/json-patch+json"),
            new Way("PATCH", SERVICES + "/web?dryRun=All", "application/merge-patch+json"),
            new Way("PATCH", SERVICES + "/web?dryRun=All", "application/strategic-merge-patch+json"),
            new Way("PATCH", SERVICES + "/web?dryRun=All&fieldManager=f", "application/apply-patch+yaml"),
            new Way("DELETE", SERVICES + "/web?dryRun=All", "application/json"),
            new Way("GET", "/api/v1/services?labelSelector=", ""),
            new Way("GET", "/api/v1/services?fieldSelector=", ""),
            new Way("GET", "/api/v1/services?limit=1&continue=", ""),
            new Way("GET", "/api/v1/services?resourceVersionMatch=NotOlderThan&resourceVersion=", ""),
            new Way("GET", SERVICES + "/", ""),
            new Way("POST", PODS + "?dryRun=All&fieldValidation=Warn", "application/json"),
            new Way("POST", PODS + "?dryRun=All", "application/vnd.kubernetes.protobuf"),
            new Way("POST", "/apis/apps/v1/namespaces/default/deployments?dryRun=All", "application/yaml"),
            new Way("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "application/json"),
            new Way("PUT", SERVICES + "/web/status?dryRun=All", "application/json"));

    private final String url;
    private final HttpClient client;

    private FuzzServer(String url, HttpClient client) {
        this.url = url;
        this.client = client;
    }

    private static FuzzServer start() {
        try {
            Cluster cluster = Cluster.start();
            Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
            http.send("POST", SERVICES, """
                    {"metadata": {"name": "web", "labels": {"a": "b"}},
                     "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}]}}
                    """, "Content-Type", "application/json");
            return new FuzzServer(http.url(), http.client());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void send(byte[] bytes) {
        Way way = WAYS.get(bytes.length == 0 ? 0 : (bytes[0] & 0xff) % WAYS.size());
        byte[] rest = bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, 1, bytes.length);
        try {
            check(way, client.send(request(way, rest), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError(way + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Sends a request with this target, which no client library would let through. An answer is a Status or a success;
    /// what is no HTTP may also be answered by closing.
    void ask(byte[] target) {
        byte[] line = target.clone();
        for (int i = 0; i < line.length; i++) {
            // a line's end would make it a header
            line[i] = line[i] == '\r' || line[i] == '\n' ? (byte) ' ' : line[i];
        }
        URI server = URI.create(url);
        try (Socket socket = client.sslContext().getSocketFactory().createSocket(server.getHost(), server.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes("GET ".getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(line);
            request.writeBytes(
                    " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(request.toByteArray());
            check(
                    new Way("GET", new String(line, StandardCharsets.ISO_8859_1), ""),
                    RawAnswer.read(socket.getInputStream()));
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer to GET " + new String(line, StandardCharsets.ISO_8859_1), e);
        } catch (IOException closed) {
            // An end without an answer is allowed to what is no HTTP.
            return;
        }
    }

    private static void check(Way way, RawAnswer answer) {
        // a proxy answers so when nothing is behind it
        boolean away = answer.code() == 503 || answer.code() == 504;
        if (answer.code() >= 500 && !away) {
            throw new AssertionError(way + " failed: " + answer);
        }
        if (answer.code() >= 400 && answer.isJson()) {
            ObjectNode status = Json.parse(answer.body());
            if (Tree.number(status, 0, "code") != answer.code()) {
                throw new AssertionError(way + ": " + answer);
            }
        }
    }

    private HttpRequest request(Way way, byte[] rest) {
        if (way.method().equals("GET")) {
            String encoded = URLEncoder.encode(new String(rest, StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            return HttpRequest.newBuilder(URI.create(url + way.path() + encoded.replace("+", "%20")))
                    .timeout(PATIENCE)
                    .build();
        }
        return HttpRequest.newBuilder(URI.create(url + way.path()))
                .timeout(PATIENCE)
                .header("Content-Type", way.contentType())
                .method(way.method(), BodyPublishers.ofByteArray(rest))
                .build();
    }

    /// A refusal is a Status that says its own code, and never a failure of the server.
    private static void check(Way way, HttpResponse<String> answer) {
        boolean ahead = answer.statusCode() == 504; // upstream's answer to a resourceVersion that is yet to come
        if (answer.statusCode() >= 500 && !ahead) {
            throw new AssertionError(way + " failed: " + answer.body());
        }
        ObjectNode body = Json.parse(answer.body());
        if (answer.statusCode() >= 400 && Tree.number(body, 0, "code") != answer.statusCode()) {
            throw new AssertionError(way + ": " + answer.statusCode() + " with the body " + answer.body());
        }
    }
}
