package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Logs, exec, attach and port-forward with kubectl, against a node that stands in for the real one.
class PodStreamsTest {

    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        FakeNode node = new FakeNode();
        cluster = Cluster.start(name -> name.equals("node-1") ? Optional.of(node) : Optional.empty());
        pod("web", "node-1");
        pod("far", "node-2");
    }

    private static void pod(String name, String node) {
        cluster.client.create(Resource.PODS, Json.parse("""
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "%s", "namespace": "default"},
                 "spec": {"nodeName": "%s", "containers": [
                   {"name": "main", "image": "fairway.dev/echo"},
                   {"name": "side", "image": "fairway.dev/echo"}]}}
                """.formatted(name, node)));
        cluster.client.patch(Resource.PODS, "default", name, "status", Json.parse("""
                {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}"""));
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
    }

    @Test
    void logsComeFromTheNode() throws Exception {
        Script.play(cluster, """
                $ kubectl logs web -c main
                log of main -1 false
                $ kubectl logs web -c side --tail=5 -f
                log of side 5 true
                $ kubectl logs web -c nobody
                error: container nobody is not valid for pod web
                $ kubectl logs far -c main
                Error from server (ServiceUnavailable): node "node-2" of pod default/far is not reachable
                """);
    }

    @Test
    void commandsRunAndTellTheirEnd() throws Exception {
        Script.play(cluster, """
                $ kubectl exec web -c main -- echo hello
                hello
                $ kubectl exec web -c main -- sh -c 'echo out; echo err >&2; exit 3'
                out
                err
                command terminated with exit code 3
                $ kubectl exec -i web -c main -- tr a-z A-Z
                < some words
                SOME WORDS
                $ kubectl exec web -c main -- /no/such/command
                error: pod default/web: exec failed on node node-1: *
                """);
    }

    @Test
    void largeOutputArrivesWhole() throws Exception {
        Ran ran = cluster.kubectl("exec", "web", "-c", "main", "--", "head", "-c", "5000000", "/dev/zero");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).hasSize(5_000_000);
    }

    @Test
    void aPortIsForwarded() throws Exception {
        HttpServer web = HttpServer.create(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            byte[] body = ("you asked for " + exchange.getRequestURI() + "\n")
                    .repeat(2000)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        web.start();
        try (Forward forward =
                        Forward.start(cluster, "pod/web", web.getAddress().getPort());
                HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                URI uri = URI.create("http://127.0.0.1:" + forward.port() + "/page" + i);
                String body = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                        .body();
                assertThat(body)
                        .startsWith("you asked for /page" + i)
                        .hasSize(2000 * "you asked for /page0\n".length());
            }
        } finally {
            web.stop(0);
        }
    }
}
