package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The fabric8 kubernetes-client, unchanged: commands in pods, their logs, their ports.
@Timeout(120)
@ExtendWith(SharedCluster.class)
class Fabric8PodTest {

    private static KubernetesClient client;

    @BeforeAll
    static void start(Cluster cluster) {
        client = Fabric8.client(cluster, "fabric8-pods");
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: fabric8-pods}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                    - {name: echo, image: fairway.dev/echo, ports: [{containerPort: 8080}]}
                    - {name: talker, image: fairway.dev/host, command: [sh, -c, "echo one; echo two; exec sleep 600"]}
                """).ok();
        client.pods().withName("web").waitUntilReady(60, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() {
        client.close();
    }

    private static ContainerResource container(String name) {
        return client.pods().withName("web").inContainer(name);
    }

    @Test
    void commandsTellWhatTheySayAndHowTheyEnd() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (var exec = container("talker")
                .writingOutput(output)
                .writingError(errors)
                .exec("sh", "-c", "echo out; echo err >&2; exit 3")) {
            assertThat(exec.exitCode().get(60, TimeUnit.SECONDS)).isEqualTo(3);
        }
        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("out\n");
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo("err\n");
    }

    @Test
    void logsAreRead() {
        assertThat(container("talker").getLog()).isEqualTo("one\ntwo\n");
        assertThat(container("talker").tailingLines(1).getLog()).isEqualTo("two\n");
    }

    @Test
    void portsAreForwarded() throws Exception {
        try (var forward = client.pods().withName("web").portForward(8080);
                var answer = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/")
                        .toURL()
                        .openStream()) {
            assertThat(new String(answer.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("pod=web");
        }
    }
}
