package dev.fairway.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;

/// Requests to one server over as many connections as there are clients.
final class Api implements AutoCloseable {

    private static final String SERVICES = "/api/v1/namespaces/bench/services";

    private final HttpClientAgent client;
    private final int port;

    /// @param connections at most this many; with HTTP/2 each carries many requests
    Api(Vertx vertx, ServerProcess server, HttpVersion version, int connections) throws IOException {
        Path keys = server.folder();
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setVerifyHost(false)
                .setProtocolVersion(version)
                .setTrustOptions(new PemTrustOptions().addCertPath(keys.resolve("ca.crt").toString()))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(keys.resolve("admin.crt").toString())
                        .addKeyPath(keys.resolve("admin.key").toString()));
        this.client = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(connections).setHttp2MaxSize(connections));
        this.port = server.port();
    }

    Future<HttpClientResponse> open(HttpMethod method, String path, String accept, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(method)
                .setURI(path)
                .putHeader("Accept", accept)
                .putHeader("Content-Type", "application/json");
        // On a machine that has much else to do a handshake may take too long; that is no answer to the request.
        return client.request(options)
                .recover(refused -> client.request(options))
                .compose(request -> body.length() == 0 ? request.send() : request.send(body));
    }

    /// Fails when the answer is none of success.
    Future<Buffer> send(HttpMethod method, String path, String accept, Buffer body) {
        return open(method, path, accept, body).compose(response -> response.body()
                .compose(bytes -> response.statusCode() < 300
                        ? Future.succeededFuture(bytes)
                        : Future.failedFuture(method + " " + path + ": " + bytes)));
    }

    Future<Buffer> get(String path, String accept) {
        return send(HttpMethod.GET, path, accept, Buffer.buffer());
    }

    Future<Buffer> createService(String name) {
        String body = """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s","labels":{"app":"%s","tier":"front"}},\
                "spec":{"selector":{"app":"%s"},"ports":[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"},\
                {"name":"metrics","port":9090,"targetPort":9090,"protocol":"TCP"}]}}""".formatted(name, name, name);
        return send(HttpMethod.POST, SERVICES, "application/json", Buffer.buffer(body));
    }

    Future<Buffer> deleteService(String name) {
        return send(HttpMethod.DELETE, SERVICES + "/" + name, "application/json", Buffer.buffer());
    }

    Future<Buffer> createNamespace() {
        Buffer body = Buffer.buffer("{\"metadata\":{\"name\":\"bench\"}}");
        return send(HttpMethod.POST, "/api/v1/namespaces", "application/json", body);
    }

    @Override
    public void close() {
        client.close();
    }
}
