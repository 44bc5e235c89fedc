package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.User;
import dev.fairway.api.security.token.ServiceAccountTokens;
import dev.fairway.api.security.token.TokenKeys;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Those who have no business here, and how far they get.
class IntruderTest {

    private static final String SECRETS = "/api/v1/secrets";
    private static final List<String> MASTERS = List.of("system:masters");

    private static Cluster cluster;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start();
        secret("one", "node-1");
        secret("two", "node-2");
    }

    /// A secret, and a pod on the node that mounts it.
    private static void secret(String name, String node) {
        cluster.client.create(Resource.SECRETS, Json.parse("""
            {"metadata": {"namespace": "default", "name": "%s"}, "data": {"key": "aGlkZGVu"}}""".formatted(name)));
        cluster.client.create(Resource.PODS, Json.parse("""
            {"metadata": {"namespace": "default", "name": "%1$s"},
             "spec": {"nodeName": "%2$s", "containers": [{"name": "c", "image": "i"}],
                      "volumes": [{"name": "v", "secret": {"secretName": "%1$s"}}]}}""".formatted(name, node)));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    private static int code(CertifiedKey key, String path) throws Exception {
        try (Http http = Http.with(cluster, HttpClient.Version.HTTP_2, key)) {
            return http.send("GET", path, "").statusCode();
        }
    }

    private static HttpResponse<String> withToken(String token, String method, String path, String body)
            throws Exception {
        try (Http http = Http.nameless(cluster)) {
            return http.send(method, path, body, "Authorization", "Bearer " + token);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/healthz, 200",
        "/livez, 200",
        "/readyz, 200",
        "/version, 200",
        "/api, 401",
        "/apis, 401",
        "/openapi/v2, 401",
        "/api/v1/secrets, 401",
        "/metrics, 401",
        "/openid/v1/jwks, 401",
        "/nowhere, 401"
    })
    void whoComesWithoutACertificateLearnsOnlyThatTheServerLives(String path, int code) throws Exception {
        try (Http http = Http.nameless(cluster)) {
            assertThat(http.send("GET", path, "").statusCode()).isEqualTo(code);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
        CertificateAuthority foreign = CertificateAuthority.open(folder, InstantSource.system());
        assertThat(code(foreign.client("me", "me", MASTERS), SECRETS)).isEqualTo(401);
        assertThat(code(foreign.client("me", "me", MASTERS), "/healthz")).isEqualTo(401);
        assertThat(code(cluster.authority.client("me", "me", MASTERS), SECRETS)).isEqualTo(200);
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        Instant then = Instant.now().minus(Duration.ofDays(400));
        CertificateAuthority before = CertificateAuthority.open(cluster.authority.folder(), () -> then);
        assertThat(code(before.client("past", "past", MASTERS), SECRETS)).isEqualTo(401);
    }

    @Test
    void aCertificateForServersIsNoCertificateForClients() throws Exception {
        CertifiedKey server = cluster.authority.server("other", new TreeSet<>(List.of("localhost")));
        assertThat(code(server, SECRETS)).isEqualTo(401);
    }

    @Test
    void aTokenCountsForItsAudienceAndAsItWasSigned() throws Exception {
        String good = token("");
        String reviewer = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        assertThat(withToken(good, "POST", reviewer, "{}").body()).contains("system:serviceaccount:default:default");
        assertThat(withToken(good, "GET", SECRETS, "").statusCode()).isEqualTo(403);
        assertThat(withToken(token("\"audiences\": [\"bank\"]"), "POST", reviewer, "{}")
                        .statusCode())
                .isEqualTo(401);
        for (String bad : List.of(altered(good, 0), altered(good, 1), altered(good, 2), unsigned(good), "x", "a.b.c")) {
            assertThat(withToken(bad, "POST", reviewer, "{}").statusCode())
                    .as(bad)
                    .isEqualTo(401);
        }
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        Instant now = Instant.now();
        assertThat(withToken(tokenMade(now), "GET", "/api", "").statusCode()).isEqualTo(200);
        HttpResponse<String> late = withToken(tokenMade(now.minus(Duration.ofHours(2))), "GET", "/api", "");
        assertThat(late.statusCode()).isEqualTo(401);
        assertThat(Tree.text(Json.parse(late.body()), "reason")).isEqualTo("Unauthorized");
    }

    /// A token for an hour, signed with the server's own key at some time.
    private static String tokenMade(Instant time) throws IOException {
        List<String> audiences = List.of(ApiServerConfig.ISSUER);
        ServiceAccountTokens tokens = new ServiceAccountTokens(
                TokenKeys.open(cluster.authority.folder()),
                ApiServerConfig.ISSUER,
                audiences,
                cluster.client::get,
                () -> time);
        ObjectNode request = Json.parse("{\"spec\": {\"expirationSeconds\": 3600}}");
        User asker = User.authenticated("test", MASTERS);
        return Tree.text(tokens.answer(asker, "default", "default", request), "status", "token");
    }

    private static String token(String spec) {
        ObjectNode request = Json.parse("{\"spec\": {" + spec + "}}");
        ObjectNode answer =
                cluster.client.createSubresource(Resource.SERVICE_ACCOUNTS, "default", "default", "token", request);
        return Tree.text(answer, "status", "token");
    }

    private static String altered(String token, int part) {
        String[] parts = token.split("\\.");
        int middle = parts[part].length() / 2;
        char other = parts[part].charAt(middle) == 'A' ? 'B' : 'A';
        parts[part] = parts[part].substring(0, middle) + other + parts[part].substring(middle + 1);
        return String.join(".", parts);
    }

    /// The old trick: a header that says that there is no signature.
    private static String unsigned(String token) {
        String header = java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        return header + "." + token.split("\\.")[1] + ".";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        200 | /api/v1/namespaces/default/secrets/one
        403 | /api/v1/namespaces/default/secrets/two
        403 | /api/v1/namespaces/default/secrets
        403 | /api/v1/secrets
        403 | /api/v1/secrets?fieldSelector=metadata.name%3Dtwo
        404 | /api/v1/namespaces/default/configmaps/kube-root-ca.crt
        403 | /api/v1/namespaces/default/configmaps/other
        200 | /api/v1/namespaces/default/pods/one
        403 | /api/v1/namespaces/default/pods/two
        403 | /api/v1/pods
        200 | /api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1
        403 | /api/v1/pods?fieldSelector=spec.nodeName%3Dnode-2
        200 | /api/v1/services
        403 | /apis/rbac.authorization.k8s.io/v1/clusterroles
        """)
    void aNodeReadsWhatItsOwnPodsNeed(int code, String path) throws Exception {
        CertifiedKey node = cluster.authority.client("node-1", "system:node:node-1", List.of("system:nodes"));
        assertThat(code(node, path)).isEqualTo(code);
    }

    @Test
    void aNodeWritesAboutItselfAlone() throws Exception {
        CertifiedKey node = cluster.authority.client("node-1", "system:node:node-1", List.of("system:nodes"));
        try (Http http = Http.with(cluster, HttpClient.Version.HTTP_2, node)) {
            assertThat(http.send("POST", "/api/v1/nodes", "{\"metadata\": {\"name\": \"node-2\"}}")
                            .body())
                    .contains("node \\\"node-1\\\" is not allowed to modify node \\\"node-2\\\"");
            assertThat(http.send("POST", "/api/v1/nodes", "{\"metadata\": {\"name\": \"node-1\"}}")
                            .statusCode())
                    .isEqualTo(201);
            String token = "/api/v1/namespaces/default/serviceaccounts/default/token";
            assertThat(http.send("POST", token, bound("one")).statusCode()).isEqualTo(201);
            assertThat(http.send("POST", token, bound("two")).statusCode()).isEqualTo(403);
            assertThat(http.send("POST", token, "{\"spec\": {}}").statusCode()).isEqualTo(403);
        }
    }

    private static String bound(String pod) {
        return "{\"spec\": {\"boundObjectRef\": {\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"name\": \"" + pod
                + "\"}}}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/healthz/../api/v1/secrets",
                "/healthz/%2e%2e/api/v1/secrets",
                "/version/..%2fapi/v1/secrets",
                "//api/v1/secrets",
                "/api//v1/secrets",
                "/api/v1/./secrets",
                "/api/v1/%73ecrets%00",
                "/API/v1/secrets",
                "/api/v1;a=b/secrets",
                "/api/v1/namespaces/default%2f..%2fkube-system/secrets",
                "/openapi/v2/../../api/v1/secrets",
                "\\api\\v1\\secrets"
            })
    void aPathIsReadInOneWayOnly(String path) throws Exception {
        String answer = RawTls.ask(cluster.server.port(), "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer).doesNotContain("hidden").doesNotContain("SecretList");
        assertThat(answer).matches("(?s)(HTTP/1.1 4\\d\\d .*)?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Remote-User: admin\r\nX-Remote-Group: system:masters",
                "Impersonate-User: admin\r\nImpersonate-Group: system:masters",
                "X-Forwarded-User: admin",
                "Authorization: Basic YWRtaW46YWRtaW4=",
                "Authorization: Bearer",
                "Content-Length: 0\r\nContent-Length: 5",
                "Content-Length: 4\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding : chunked",
                "Content-Length: -1",
                "Content-Length: +0",
                "Bad Header: x",
                "Folded: a\r\n b"
            })
    void headersOpenNoDoor(String headers) throws Exception {
        String sent = "GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n" + headers
                + "\r\n\r\n0\r\n\r\nGET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n";
        String answer = RawTls.ask(cluster.server.port(), sent);
        assertThat(answer).doesNotContain("SecretList").doesNotContain(" 200 ");
    }

    @Test
    void headersThatAreTooLongAreRefused() throws Exception {
        String answer = RawTls.ask(
                cluster.server.port(), "GET /healthz HTTP/1.1\r\nHost: x\r\nLong: " + "x".repeat(100_000) + "\r\n\r\n");
        assertThat(answer).matches("(?s)(HTTP/1.1 431 .*)?");
    }

    @Test
    void whoHasNoNameMayNotSayMuch() throws Exception {
        String answer = RawTls.ask(
                cluster.server.port(),
                "POST /api/v1/secrets HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" + "x".repeat(20_000));
        assertThat(answer).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void tenThousandIdleConnectionsDoNotStopTheOthers() throws Exception {
        Path source = Path.of("src/test/java/dev/fairway/api/IdleClients.java").toAbsolutePath();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        source.toString(),
                        String.valueOf(cluster.server.port()),
                        "10000")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("open 10000");
            assertThat(code(cluster.authority.client("me", "me", MASTERS), SECRETS))
                    .isEqualTo(200);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void onlyModernTlsIsSpoken() throws Exception {
        SSLContext tls = Trusting.everybody();
        try (var socket =
                (javax.net.ssl.SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", cluster.server.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
        }
        try (var socket =
                (javax.net.ssl.SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", cluster.server.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.1"});
            assertThat(org.assertj.core.api.Assertions.catchThrowable(socket::startHandshake))
                    .isInstanceOf(IOException.class);
        }
    }
}
