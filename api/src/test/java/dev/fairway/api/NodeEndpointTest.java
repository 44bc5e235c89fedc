package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.api.security.CertifiedKey;
import dev.fairway.api.security.ServerKeys;
import dev.fairway.schema.Json;
import dev.fairway.schema.KubeletEndpoint;
import dev.fairway.schema.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom a node answers for its pods, and what clients hear when it cannot be asked.
class NodeEndpointTest {

    @TempDir
    Path folder;

    private Cluster cluster;
    private NodeEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        cluster = Cluster.start();
        endpoint = cluster.nodeElsewhere("far", new FakeNode());
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        cluster.close();
    }

    private void podOn(String node) {
        cluster.client.create(Resource.PODS, Json.parse("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "on-%1$s", "namespace": "default"},
                 "spec": {"nodeName": "%1$s", "containers": [{"name": "main", "image": "fairway.dev/echo"}]}}
                """.formatted(node)));
        cluster.client.patch(Resource.PODS, "default", "on-" + node, "status", Json.parse("""
                {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}"""));
    }

    private HttpResponse<String> ask(String method, String path, Optional<CertifiedKey> shown) throws Exception {
        try (Http http = Http.at("https://127.0.0.1:" + endpoint.announcement().port(), shown)) {
            return http.send(method, path, "");
        }
    }

    private CertifiedKey ofApiServer() throws IOException {
        return cluster.authority.client("to-nodes", ServerKeys.TO_NODES, List.of());
    }

    // ---- who may ask

    @Test
    void anApiServerIsAnswered() throws Exception {
        HttpResponse<String> log =
                ask("GET", "/containerLogs/default/web/main?tailLines=3&follow=true", Optional.of(ofApiServer()));

        assertThat(log.statusCode()).isEqualTo(200);
        assertThat(log.body()).isEqualTo("log of main 3 true\n");
    }

    @Test
    void nobodyElseIs() throws Exception {
        String path = "/containerLogs/default/web/main";
        CertificateAuthority foreign = CertificateAuthority.open(folder, InstantSource.system());
        CertifiedKey admin = cluster.authority.client("admin", "admin", List.of("system:masters"));
        CertifiedKey itself = CertifiedKey.alone(ServerKeys.TO_NODES, new TreeSet<>(), Instant.now());

        assertThat(ask("GET", path, Optional.empty()).statusCode()).isEqualTo(401);
        assertThat(ask("GET", path, Optional.of(itself)).statusCode()).isEqualTo(401);
        assertThat(ask("GET", path, Optional.of(foreign.client("x", ServerKeys.TO_NODES, List.of())))
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> refused = ask("GET", path, Optional.of(admin));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("only API servers are answered here", "and not one of \\\"admin\\\"");
    }

    @Test
    void theNameOfAnApiServerGivesNoRightsAtTheApi() throws Exception {
        try (Http http = Http.at(cluster.url(), Optional.of(ofApiServer()))) {
            assertThat(http.send("GET", "/api/v1/namespaces/default/pods", "").statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void wrongRequestsAreRefused() throws Exception {
        assertThat(ask("GET", "/", Optional.of(ofApiServer())).statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/pods", Optional.of(ofApiServer())).statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/containerLogs/default/web", Optional.of(ofApiServer()))
                        .statusCode())
                .isEqualTo(404);
        assertThat(ask("DELETE", "/exec/default/web/main", Optional.of(ofApiServer()))
                        .statusCode())
                .isEqualTo(405);
        assertThat(ask("GET", "/exec/default/web/main", Optional.of(ofApiServer()))
                        .body())
                .contains("you must specify at least 1 command for the container");
        assertThat(ask("POST", "/exec/default/web/main?command=ls&output=1", Optional.of(ofApiServer()))
                        .body())
                .contains("Upgrade request required");
    }

    // ---- what clients hear

    @Test
    void aNodeThatIsUnknownOrSilentIsNamedWithWhatToDo() throws Exception {
        cluster.client.create(Resource.NODES, Cluster.node("mute", Optional.empty()));
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        KubeletEndpoint nowhere =
                new KubeletEndpoint(closed, endpoint.announcement().certificate());
        cluster.client.create(Resource.NODES, Cluster.node("gone", Optional.of(nowhere)));
        KubeletEndpoint other = new KubeletEndpoint(endpoint.announcement().port(), "00");
        cluster.client.create(Resource.NODES, Cluster.node("swapped", Optional.of(other)));
        List.of("nobody", "mute", "gone", "swapped").forEach(this::podOn);

        Script.play(cluster, """
                $ kubectl logs on-nobody
                Error from server (ServiceUnavailable): pod default/on-nobody: there is no Node "nobody" *
                $ kubectl logs on-mute
                Error from server (ServiceUnavailable): pod default/on-mute: node "mute" does not say where it answers *
                $ kubectl logs on-gone
                Error from server (ServiceUnavailable): pod default/on-gone: node "gone" cannot be asked (127.0.0.1:PORT: Connection refused): does `fairway node` run there, and may this server connect to it?
                $ kubectl exec on-gone -- ls
                * pod default/on-gone: node "gone" cannot be asked (127.0.0.1:PORT: Connection refused)*
                $ kubectl attach on-gone
                ...
                * pod default/on-gone: node "gone" cannot be asked (127.0.0.1:PORT: Connection refused)*
                $ kubectl port-forward on-gone 8080
                * pod default/on-gone: node "gone" cannot be asked (127.0.0.1:PORT: Connection refused)*
                $ kubectl logs on-swapped
                Error from server (ServiceUnavailable): pod default/on-swapped: node "swapped" cannot be asked (the TLS handshake failed: (certificate_unknown) its certificate is not the one that its Node names)*
                """.replace("PORT", Integer.toString(closed)));
    }

    @Test
    void aNodeThatTrustsAnotherAuthorityIsNamed() throws Exception {
        CertificateAuthority foreign = CertificateAuthority.open(folder, InstantSource.system());
        CertifiedKey key = CertifiedKey.alone("stranger", new TreeSet<>(), Instant.now());
        try (NodeEndpoint strange = NodeEndpoint.start(
                new NodeEndpoint.Config("stranger", List.of("127.0.0.1"), 0, key, foreign.trusted()), new FakeNode())) {
            cluster.client.create(Resource.NODES, Cluster.node("stranger", Optional.of(strange.announcement())));
            podOn("stranger");

            Script.play(cluster, """
                    $ kubectl logs on-stranger
                    Error from server (ServiceUnavailable): pod default/on-stranger: the node refuses this API server: only API servers are answered here: *
                    """);
        }
    }

    @Test
    void aNodeThatAcceptsAndSaysNothingIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            KubeletEndpoint there = new KubeletEndpoint(silent.getLocalPort(), "00");
            cluster.client.create(Resource.NODES, Cluster.node("frozen", Optional.of(there)));
            podOn("frozen");
            long begin = System.nanoTime();

            Ran ran = cluster.kubectl("logs", "on-frozen");

            assertThat(ran.err())
                    .contains("node \"frozen\" cannot be asked (the peer made no TLS handshake within PT5S)");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        }
    }
}
