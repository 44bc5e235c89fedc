package dev.fairway.scenarios;

import static dev.fairway.scenarios.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/// The page of a real cluster: who gets in, and what it is told while kubectl changes things.
@ExtendWith(SharedCluster.class)
@Timeout(60)
class PageTest {

    private static final String SPACE = "fwt-page";

    private final HttpClient http = HttpClient.newHttpClient();
    private Cluster cluster;
    private URI login;
    private String cookie;

    @BeforeEach
    void logIn(Cluster shared) throws Exception {
        cluster = shared;
        cluster.kubectl("create", "namespace", SPACE).ok();
        String status = Cluster.fairway(
                        "status", "-o", "json", "--state", cluster.state().toString())
                .ok();
        login = URI.create(Tree.text(Json.parse(status), "page"));
        HttpResponse<String> welcome = http.send(HttpRequest.newBuilder(login).build(), BodyHandlers.ofString());
        assertThat(welcome.statusCode()).isEqualTo(303);
        String set = welcome.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(set).contains("HttpOnly", "SameSite=Strict");
        cookie = set.substring(0, set.indexOf(';'));
    }

    @AfterEach
    void removeNamespace() {
        cluster.kubectl("delete", "namespace", SPACE, "--wait=false").ok();
        http.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(login.resolve(path)).timeout(Duration.ofSeconds(20));
    }

    private int status(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    @Test
    void whoGetsIn() throws Exception {
        HttpResponse<String> page =
                http.send(request("/").header("Cookie", cookie).build(), BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'self'");
        assertThat(status(request("/").build())).isEqualTo(401);
        assertThat(status(request("/events").build())).isEqualTo(401);
        assertThat(status(request("/?token=wrong").build())).isEqualTo(403);
        assertThat(status(request("/?labels=(").header("Cookie", cookie).build()))
                .isEqualTo(200);
        assertThat(status(request("/events?labels=(").header("Cookie", cookie).build()))
                .isEqualTo(400);
        assertThat(status(
                        request("/service?ns=a&name=b").header("Cookie", cookie).build()))
                .isEqualTo(404);
        assertThat(status(request("/").header("Cookie", cookie).DELETE().build()))
                .isEqualTo(405);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(cluster.state().resolve("page.token"))))
                .isEqualTo("rw-------");
    }

    /// Java's client sets `Host` itself.
    @Test
    void aNameThatWasLedHereIsRefused() throws IOException {
        try (Socket socket = new Socket(login.getHost(), login.getPort())) {
            String text = "GET / HTTP/1.1\r\nHost: evil.example\r\nCookie: " + cookie + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 421").contains("127.0.0.1 and localhost only");
        }
    }

    /// Some leave as soon as they have asked, others when they have seen the picture.
    @Test
    void visitorsWhoHaveLeftTakeNobodysPlace() throws Exception {
        long begin = System.nanoTime();
        for (int visitor = 0; visitor < 100; visitor++) {
            try (Socket socket = new Socket(login.getHost(), login.getPort())) {
                String text =
                        "GET /events?ns=" + SPACE + " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + cookie + "\r\n\r\n";
                socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                if (visitor % 2 == 0) {
                    BufferedReader answer =
                            new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                    assertThat(next(answer, "HTTP/1.1 ")).isEqualTo("HTTP/1.1 200 OK");
                    next(answer, "data: ");
                }
            }
        }
        HttpRequest events =
                request("/events?ns=" + SPACE).header("Cookie", cookie).build();
        try (BufferedReader stream = lines(events)) {
            assertThat(next(stream, "data: ")).contains("\"order\"");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void theStreamTellsWhatKubectlChanges() throws Exception {
        HttpRequest events = HttpRequest.newBuilder(login.resolve("/events?ns=" + SPACE))
                .header("Cookie", cookie)
                .build();
        try (BufferedReader stream = lines(events)) {
            assertThat(next(stream, "data: ")).contains("\"order\"");
            cluster.kubectl("create", "service", "clusterip", "web", "--tcp=80", "-n", SPACE)
                    .ok();
            assertThat(next(stream, "\"web\"")).contains("svc." + SPACE + ".web");
            cluster.kubectl("delete", "service", "web", "-n", SPACE).ok();
            assertThat(next(stream, "\"rows\":[]")).doesNotContain("\"outside\":");
        }
    }

    @Test
    void aTraceTellsTheHops() throws Exception {
        cluster.kubectl("create", "service", "clusterip", "web", "--tcp=80", "-n", SPACE)
                .ok();
        cluster.kubectl("wait", "svc/web", "-n", SPACE, "--for=condition=fairway.dev/programmed", "--timeout=20s")
                .ok();
        String to = "&to=web." + SPACE + ":80";
        ObjectNode trace = json("/trace?from=node/node-1" + to);
        assertThat(Tree.texts(trace, "hops")).containsExactly("node.node-1", "svc." + SPACE + ".web");
        assertThat(Tree.texts(trace, "lines")).anyMatch(line -> line.startsWith("refused"));
        assertThat(Tree.at(trace, "observed", "answer").asString()).isEqualTo("REFUSED");
        assertThat(status(request("/trace?from=pod/none" + to)
                        .header("Cookie", cookie)
                        .build()))
                .isEqualTo(404);
        assertThat(status(request("/trace?from=somebody" + to)
                        .header("Cookie", cookie)
                        .build()))
                .isEqualTo(400);
    }

    @Test
    void theNameServerIsAsked() throws Exception {
        cluster.kubectl("create", "service", "externalname", "far", "--external-name=db.example.com", "-n", SPACE)
                .ok();
        within(
                10,
                () -> assertThat(Tree.texts(json("/names?name=far&ns=" + SPACE), "lines"))
                        .anyMatch(line -> line.endsWith(" was asked for far." + SPACE + ".svc.cluster.local"))
                        .anyMatch(line -> line.contains("CNAME") && line.contains("db.example.com")));
        assertThat(Tree.texts(json("/names?name=none&ns=" + SPACE), "lines"))
                .anyMatch(line -> line.startsWith("NXDOMAIN"));
        assertThat(status(request("/names?name=far").header("Cookie", cookie).build()))
                .isEqualTo(400);
    }

    @Test
    void thePanelTellsWhereToConnect() throws Exception {
        cluster.kubectl("create", "service", "nodeport", "web", "--tcp=80", "--node-port=30987", "-n", SPACE)
                .ok();
        within(
                10,
                () -> assertThat(Tree.texts(json("/service?name=web&ns=" + SPACE), "targets"))
                        .hasSize(3)
                        .contains("web." + SPACE + ":80")
                        .anyMatch(target -> target.endsWith(":30987")));
    }

    private ObjectNode json(String path) throws Exception {
        HttpResponse<InputStream> answer =
                http.send(request(path).header("Cookie", cookie).build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.parse(new GZIPInputStream(answer.body()).readAllBytes());
    }

    private BufferedReader lines(HttpRequest request) throws Exception {
        HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new AssertionError(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String next(BufferedReader stream, String part) throws IOException {
        String line = stream.readLine();
        while (line != null && !line.contains(part)) {
            line = stream.readLine();
        }
        return String.valueOf(line);
    }
}
