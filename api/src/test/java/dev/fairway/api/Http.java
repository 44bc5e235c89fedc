package dev.fairway.api;

import dev.fairway.api.security.CertifiedKey;
import dev.fairway.schema.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Plain HTTP requests to a test cluster: what no client library would send, too.
final class Http implements AutoCloseable {

    private final String url;
    private final HttpClient client;

    private Http(String url, HttpClient client) {
        this.url = url;
        this.client = client;
    }

    static Http of(Cluster cluster, HttpClient.Version version) throws IOException, GeneralSecurityException {
        return with(cluster, version, cluster.authority.client("admin", "admin", List.of("system:masters")));
    }

    static Http with(Cluster cluster, HttpClient.Version version, CertifiedKey key)
            throws IOException, GeneralSecurityException {
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(tls(cluster.authority.certificatePem(), key))
                .build();
        return new Http(cluster.url(), client);
    }

    /// Of somebody who has no certificate.
    static Http nameless(Cluster cluster) throws GeneralSecurityException {
        return new Http(
                cluster.url(),
                HttpClient.newBuilder().sslContext(Trusting.everybody()).build());
    }

    /// At any server, whoever that is.
    ///
    /// @param key what is shown; empty for nothing
    static Http at(String url, Optional<CertifiedKey> key) throws GeneralSecurityException {
        SSLContext tls = Trusting.everybody(key.stream().map(Presenting::new).toArray(KeyManager[]::new));
        return new Http(url, HttpClient.newBuilder().sslContext(tls).build());
    }

    private static SSLContext tls(String authorityPem, CertifiedKey key) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new java.io.ByteArrayInputStream(
                                authorityPem.getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(new KeyManager[] {new Presenting(key)}, trust.getTrustManagers(), null);
        return tls;
    }

    /// @param headers name, value, name, value ...
    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(method, path, body, headers), BodyHandlers.ofString());
    }

    HttpResponse<InputStream> open(String path, String... headers) throws IOException, InterruptedException {
        return client.send(request("GET", path, "", headers), BodyHandlers.ofInputStream());
    }

    byte[] bytes(String path, String... headers) throws IOException, InterruptedException {
        return client.send(request("GET", path, "", headers), BodyHandlers.ofByteArray())
                .body();
    }

    ObjectNode get(String path, String... headers) throws IOException, InterruptedException {
        return Json.parse(send("GET", path, "", headers).body());
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return (headers.length == 0 ? builder : builder.headers(headers)).build();
    }

    HttpClient client() {
        return client;
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
