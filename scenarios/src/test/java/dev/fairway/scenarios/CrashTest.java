package dev.fairway.scenarios;

import static dev.fairway.scenarios.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server is killed while connections go through a Service: the kernel goes on forwarding, and the next `up` takes
/// over what it finds.
class CrashTest {

    private static final int SECONDS = 12;
    private static final int CONNECTIONS_PER_SECOND = 50;

    @TempDir
    Path folder;

    @Test
    void forwardingSurvivesKillNine() throws Exception {
        try (Cluster cluster = Cluster.started("fwtcrash", 14)) {
            prepare(cluster);
            String address = cluster.value("svc", "web", ".spec.clusterIP");
            String before = facts(cluster);
            Process kept = keptConnection(cluster, address);
            Process opener = newConnections(cluster, address);

            TimeUnit.SECONDS.sleep(2);
            cluster.kubectl("create", "configmap", "last-word", "--from-literal=acknowledged=yes")
                    .ok();
            kill(cluster);
            TimeUnit.SECONDS.sleep(3);
            cluster.up().ok();

            assertThat(opener.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(kept.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(folder.resolve("opener"))).isEqualTo("failed 0\n");
            assertThat(Files.readString(folder.resolve("kept")).lines())
                    .hasSize(SECONDS * 2)
                    .allSatisfy(line -> assertThat(line).startsWith("echo "));
            assertThat(facts(cluster)).isEqualTo(before);
            assertThat(cluster.value("configmap", "last-word", ".data.acknowledged"))
                    .isEqualTo("yes");
            assertThat(cluster.value("pod", "server", ".status.containerStatuses[0].restartCount"))
                    .isEqualTo("0");
        }
    }

    /// A process pod that echoes lines, behind a ClusterIP and a NodePort.
    private static void prepare(Cluster cluster) {
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: server, labels: {app: web}}
                spec:
                  nodeName: node-2
                  containers:
                    - name: main
                      image: fairway.dev/host
                      command: [python3, -u, -c]
                      args:
                        - |
                          import socketserver
                          class Echo(socketserver.StreamRequestHandler):
                              def handle(self):
                                  for line in self.rfile:
                                      self.wfile.write(b"echo " + line)
                          socketserver.ThreadingTCPServer.allow_reuse_address = True
                          socketserver.ThreadingTCPServer.request_queue_size = 128
                          socketserver.ThreadingTCPServer(("", 8080), Echo).serve_forever()
                      readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  type: NodePort
                  selector: {app: web}
                  ports: [{port: 80, targetPort: 8080}]
                """).ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/server", "--timeout=30s")
                .ok();
        String address = cluster.value("svc", "web", ".spec.clusterIP");
        within(
                10,
                () -> cluster.onNode("node-1", "bash", "-c", "exec 3<>/dev/tcp/" + address + "/80")
                        .ok());
    }

    /// Everything that must not change: objects with their addresses and allocations.
    private static String facts(Cluster cluster) {
        return cluster.kubectl(
                                "get",
                                "svc,nodes",
                                "-A",
                                "-o",
                                "jsonpath={range .items[*]}{.metadata.uid} {.spec.clusterIPs} {.spec.ports}"
                                        + " {.spec.podCIDRs}{\"\\n\"}{end}")
                        .ok()
                + cluster.value("pod", "server", ".metadata.uid")
                + cluster.value("pod", "server", ".status.podIPs");
    }

    private Process keptConnection(Cluster cluster, String address) throws Exception {
        String script = "exec 3<>/dev/tcp/" + address + "/80; for i in $(seq " + SECONDS * 2
                + "); do echo $i >&3; read -t 3 line <&3; echo \"$line\"; sleep 0.5; done";
        return client(cluster, script, folder.resolve("kept"));
    }

    private Process newConnections(Cluster cluster, String address) throws Exception {
        String script = "failed=0; for i in $(seq " + SECONDS * CONNECTIONS_PER_SECOND + "); do "
                + "(exec 3<>/dev/tcp/" + address
                + "/80 && echo hi >&3 && read -t 3 line <&3 && [ \"$line\" = 'echo hi' ])"
                + " 2>/dev/null || failed=$((failed+1)); sleep 0.01; done; echo failed $failed";
        return client(cluster, script, folder.resolve("opener"));
    }

    private static Process client(Cluster cluster, String script, Path output) throws Exception {
        return new ProcessBuilder("ip", "netns", "exec", cluster.name() + "-node-1", "bash", "-c", script)
                .redirectOutput(output.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static void kill(Cluster cluster) {
        String pid = Run.command(List.of(
                        "jq",
                        "-r",
                        ".pid",
                        cluster.state().resolve("run/server.json").toString()))
                .ok()
                .strip();
        ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        server.destroyForcibly();
        within(5, () -> assertThat(server.isAlive()).isFalse());
    }
}
