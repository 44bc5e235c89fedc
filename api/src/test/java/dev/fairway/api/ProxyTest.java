package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests through the API server to pods, Services and nodes, whose ports are ports of loopback here.
class ProxyTest {

    private static Cluster cluster;
    private static Http http;
    private static HttpServer plain;
    private static HttpsServer secure;

    @BeforeAll
    static void start() throws Exception {
        FakeNode node = new FakeNode();
        cluster = Cluster.start(name -> name.equals("node-1") ? Optional.of(node) : Optional.empty());
        http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
        plain = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        plain.createContext("/", ProxyTest::answer);
        plain.start();
        secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls()));
        secure.createContext("/", ProxyTest::answer);
        secure.start();
        cluster.client.create(Resource.NODES, Json.parse("{\"metadata\":{\"name\":\"node-1\"}}"));
        pod("web", "node-1", "10.244.1.5");
        pod("far", "node-2", "10.244.2.5");
        pod("new", "", "");
        service("web", "web", "10.244.1.5");
        service("empty", "gone", "10.244.1.9");
        service("stolen", "web", "10.244.1.9");
    }

    private static SSLContext tls() throws GeneralSecurityException, IOException {
        CertifiedKey key = cluster.authority.client("backend", "backend", List.of());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("me", key.key(), new char[0], new Certificate[] {key.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return tls;
    }

    /// Tells what it was asked.
    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String text = exchange.getRequestMethod() + " " + path + (body.isEmpty() ? "" : " " + body);
        int status = 200;
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        switch (path) {
            case "/page" -> {
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                text = "<a href=\"/next\">n\u00e4chste</a>";
            }
            case "/moved" -> {
                exchange.getResponseHeaders().set("Location", "/there");
                status = 302;
            }
            case "/teapot" -> status = 418;
            case "/who" ->
                text = "authorization " + exchange.getRequestHeaders().get("Authorization") + ", uri "
                        + exchange.getRequestHeaders().getFirst("X-Forwarded-Uri");
            default -> {}
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : path.equals("/chunks") ? 0 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static void pod(String name, String node, String address) {
        cluster.client.create(Resource.PODS, Json.parse("""
                {"metadata": {"name": "%s", "namespace": "default"},
                 "spec": {"nodeName": "%s", "containers": [{"name": "c", "image": "i", "ports": [
                   {"containerPort": %d}]}]}}
                """.formatted(
                        name, node, plain.getAddress().getPort())));
        cluster.client.patch(Resource.PODS, "default", name, "status", Json.parse("""
                {"status": {"phase": "Running", "podIP": "%s"}}""".formatted(address)));
    }

    private static void service(String name, String pod, String address) {
        cluster.client.create(Resource.SERVICES, Json.parse("""
                {"metadata": {"name": "%s", "namespace": "default"},
                 "spec": {"ports": [{"name": "www", "port": 80}, {"name": "tls", "port": 443}]}}
                """.formatted(name)));
        cluster.client.create(Resource.ENDPOINT_SLICES, Json.parse("""
                {"metadata": {"name": "%s-1", "namespace": "default", "labels": {"kubernetes.io/service-name": "%s"}},
                 "addressType": "IPv4",
                 "ports": [{"name": "www", "port": %d}, {"name": "tls", "port": %d}],
                 "endpoints": [{"addresses": ["%s"], "targetRef": {"kind": "Pod", "name": "%s"}},
                   {"addresses": ["10.244.1.77"], "conditions": {"ready": false},
                    "targetRef": {"kind": "Pod", "name": "far"}}]}
                """.formatted(
                name, name, plain.getAddress().getPort(), secure.getAddress().getPort(), address, pod)));
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        plain.stop(0);
        secure.stop(0);
        cluster.close();
    }

    private static String ported(String path) {
        return "/api/v1/"
                + path.replace("NS", "namespaces/default")
                        .replace("PLAIN", String.valueOf(plain.getAddress().getPort()))
                        .replace("SECURE", String.valueOf(secure.getAddress().getPort()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET     | NS/pods/web/proxy/                     |      | 200 | GET /
            GET     | NS/pods/web:PLAIN/proxy/a/b?c=d&c=e    |      | 200 | GET /a/b?c=d&c=e
            GET     | NS/pods/http:web:PLAIN/proxy/a%20b%2Fc/ |     | 200 | GET /a%20b%2Fc/
            GET     | NS/pods/https:web:SECURE/proxy/tls     |      | 200 | GET /tls
            POST    | NS/pods/web/proxy/some/path            | body | 200 | POST /some/path body
            PUT     | NS/pods/web/proxy/some/path            | body | 200 | PUT /some/path body
            PATCH   | NS/pods/web/proxy/some/path            | body | 200 | PATCH /some/path body
            DELETE  | NS/pods/web/proxy/some/path            |      | 200 | DELETE /some/path
            OPTIONS | NS/pods/web/proxy/some/path            |      | 200 | OPTIONS /some/path
            POST    | NS/pods/web/proxy?method=POST          |      | 200 | POST /?method=POST
            GET     | NS/services/web:www/proxy/             |      | 200 | GET /
            GET     | NS/services/http:web:80/proxy/x        |      | 200 | GET /x
            GET     | NS/services/https:web:tls/proxy/x      |      | 200 | GET /x
            GET     | NS/services/web:www/proxy/chunks       |      | 200 | GET /chunks
            GET     | NS/services/web:www/proxy/teapot       |      | 418 | GET /teapot
            GET     | nodes/node-1:PLAIN/proxy/healthz       |      | 200 | GET /healthz
            GET     | NS/pods/web/proxy/who                  |      | 200 | authorization null, uri /api/v1/namespaces/default/pods/web/proxy/who
            """)
    void answersComeThrough(String method, String path, @Nullable String body, int status, String answer)
            throws Exception {
        HttpResponse<String> got =
                http.send(method, ported(path), body == null ? "" : body, "Authorization", "Bearer secret");
        assertThat(got.body()).isEqualTo(answer);
        assertThat(got.statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NS/services/web/proxy/         | 503 | no endpoints available for service "web"
            NS/services/web:81/proxy/      | 503 | no service port 81 found for service "web"
            NS/services/empty:www/proxy/   | 503 | no endpoints available for service "empty:www"
            NS/services/stolen:www/proxy/  | 503 | no endpoints available for service "stolen:www"
            NS/services/no:www/proxy/      | 404 | services "no" not found
            NS/services/ftp:web:80/proxy/  | 400 | invalid service request "ftp:web:80"
            NS/pods/no/proxy/              | 404 | pods "no" not found
            NS/pods/new/proxy/             | 400 | pod default/new has no address yet
            NS/pods/far/proxy/             | 503 | node "node-2" is not of this server's own process*
            NS/pods/web:99999/proxy/       | 400 | "99999" is not a port number
            NS/pods/web:1/proxy/           | 503 | error trying to reach service: *
            nodes/node-9/proxy/            | 404 | nodes "node-9" not found
            """)
    void whatCannotBeReachedIsRefused(String path, int status, String message) throws Exception {
        HttpResponse<String> got = http.send("GET", ported(path), "");
        assertThat(got.statusCode()).as(got.body()).isEqualTo(status);
        String said = Json.parse(got.body().getBytes(StandardCharsets.UTF_8))
                .path("message")
                .asString();
        if (message.endsWith("*")) {
            assertThat(said).startsWith(message.substring(0, message.length() - 1));
        } else {
            assertThat(said).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET", "HEAD"})
    void withoutASlashTheClientIsSentOn(String method) throws Exception {
        HttpResponse<String> got = http.send(method, ported("NS/pods/web/proxy?method=") + method, "");
        assertThat(got.statusCode()).isEqualTo(301);
        assertThat(got.headers().firstValue("Location"))
                .contains("/api/v1/namespaces/default/pods/web/proxy/?method=" + method);
    }

    @Test
    void linksLeadThroughTheProxyAgain() throws Exception {
        String prefix = "/api/v1/namespaces/default/services/web:www/proxy";
        HttpResponse<String> page = http.send("GET", prefix + "/page", "");
        assertThat(page.body()).isEqualTo("<a href=\"" + prefix + "/next\">n\u00e4chste</a>");
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        HttpResponse<String> moved = http.send("GET", prefix + "/moved", "");
        assertThat(moved.statusCode()).isEqualTo(302);
        assertThat(moved.headers().firstValue("Location")).contains(prefix + "/there");
    }

    @Test
    void aHeadHasNoBody() throws Exception {
        HttpResponse<String> got = http.send("HEAD", ported("NS/pods/web/proxy/x"), "");
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEmpty();
    }

    @Test
    void kubectlReachesAServiceByItsRawPath() throws Exception {
        Ran ran = cluster.kubectl("get", "--raw", "/api/v1/namespaces/default/services/http:web:80/proxy/hello?a=b");
        assertThat(ran.out()).isEqualTo("GET /hello?a=b");
    }
}
