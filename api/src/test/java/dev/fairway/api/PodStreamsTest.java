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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs, exec, attach and port-forward with kubectl, against nodes that stand in for real ones: that of the pod `web`
/// is
/// in the API server's process, that of the pod `far` answers by HTTP.
class PodStreamsTest {

    private static Cluster cluster;
    private static NodeEndpoint elsewhere;

    @BeforeAll
    static void start() throws IOException {
        FakeNode node = new FakeNode();
        cluster = Cluster.start(name -> name.equals("node-1") ? Optional.of(node) : Optional.empty());
        elsewhere = cluster.nodeElsewhere("node-2", new FakeNode());
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
        elsewhere.close();
        cluster.close();
    }

    private static void play(String pod, String script) throws IOException, InterruptedException {
        Script.play(cluster, script.replace("POD", pod));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "far"})
    void logsComeFromTheNode(String pod) throws Exception {
        play(pod, """
                $ kubectl logs POD -c main
                log of main -1 false
                $ kubectl logs POD -c side --tail=5 -f
                log of side 5 true
                $ kubectl logs POD -c nobody
                error: container nobody is not valid for pod POD
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "far"})
    void commandsRunAndTellTheirEnd(String pod) throws Exception {
        play(pod, """
                $ kubectl exec POD -c main -- echo hello
                hello
                $ kubectl exec POD -c main -- sh -c 'echo out; echo err >&2; exit 3'
                out
                err
                command terminated with exit code 3
                $ kubectl exec -i POD -c main -- tr a-z A-Z
                < some words
                SOME WORDS
                $ kubectl exec POD -c main -- /no/such/command
                error: pod default/POD: exec failed on node node-*: *
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "far"})
    void largeOutputArrivesWhole(String pod) throws Exception {
        Ran ran = cluster.kubectl("exec", pod, "-c", "main", "--", "head", "-c", "5000000", "/dev/zero");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).hasSize(5_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "far"})
    void aPortIsForwarded(String pod) throws Exception {
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
                        Forward.start(cluster, "pod/" + pod, web.getAddress().getPort());
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
