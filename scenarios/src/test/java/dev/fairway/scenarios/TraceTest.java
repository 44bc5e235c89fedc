package dev.fairway.scenarios;

import static dev.fairway.scenarios.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// `fairway trace` on a running cluster: what it predicts is what a real packet does, and what stands in its way is
/// named.
@ExtendWith(SharedCluster.class)
class TraceTest {

    private static final String OBJECTS = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: trace}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: trace, labels: {app: web}}
            spec: {nodeName: node-1, containers: [{name: web, image: fairway.dev/echo, ports: [{containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: client, namespace: trace}
            spec: {nodeName: node-2, containers: [{name: client, image: fairway.dev/echo}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: trace}
            spec: {type: NodePort, selector: {app: web}, ports: [{port: 3000, targetPort: 8080, nodePort: 30987}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: empty, namespace: trace}
            spec: {selector: {app: nothing}, ports: [{port: 80}]}
            """;

    @AfterAll
    static void deleteAll(Cluster cluster) {
        cluster.kubectl("delete", "namespace", "trace", "--wait=false").ok();
    }

    /// Also when a test failed on the way: others use the nodes too.
    @AfterEach
    void removeTheWall() {
        Run.command(List.of("ip", "netns", "exec", "fwtshared-node-2", "nft", "delete table ip wall"));
    }

    /// Until the nodes forward to the pod, and reject for the Service that has none.
    private static void applyAndAwait(Cluster cluster) {
        cluster.apply(OBJECTS).ok();
        cluster.kubectl("wait", "-n", "trace", "pod/web", "pod/client", "--for=condition=Ready", "--timeout=30s")
                .ok();
        String programmed = "--for=condition=fairway.dev/programmed";
        cluster.kubectl("wait", "-n", "trace", "svc/web", "svc/empty", programmed, "--timeout=30s")
                .ok();
        within(
                10,
                () -> assertThat(lines(cluster, "pod/trace/client", "web.trace:3000"))
                        .contains("answered", "as predicted"));
    }

    @Test
    void aPacketTakesTheWayThatWasPredicted(Cluster cluster) {
        applyAndAwait(cluster);
        String pod = cluster.kubectl("get", "pod", "web", "-n", "trace", "-o", "jsonpath={.status.podIP}")
                .ok();
        String outside = cluster.kubectl(
                        "get",
                        "node",
                        "node-2",
                        "-o",
                        "jsonpath={.status.addresses[?(@.type==\"ExternalIP\")].address}")
                .ok()
                .split(" ")[0];

        assertThat(lines(cluster, "pod/trace/client", "web.trace:3000"))
                .contains("to " + pod + ":8080", "answered", "as predicted")
                .anyMatch(line -> line.matches("  name +web\\.trace\\.svc\\.cluster\\.local, says .+ IN A .+"))
                .anyMatch(line -> line.matches("  services .+vmap @services.+\\[ip fairway, handle \\d+]"))
                .anyMatch(line -> line.matches("  arrived +pod trace/web on node node-1, where java \\(.+ port 8080"));
        assertThat(lines(cluster, "node/node-2", "web.trace:3000"))
                .contains("to " + pod + ":8080 with the node's address", "answered", "as predicted");
        assertThat(lines(cluster, "outside", outside + ":30987")).contains("answered", "as predicted");
        assertThat(lines(cluster, "pod/trace/client", "empty.trace:80")).contains("refused", "as predicted");
        assertThat(lines(cluster, "pod/trace/client", "web.trace:3000/udp")).contains("refused", "as predicted");
        assertThat(lines(cluster, "pod/trace/client", "web.trace:3000", "--predict"))
                .contains("to " + pod + ":8080")
                .doesNotContain("answered");

        whatStandsInTheWayIsNamed(cluster);
    }

    private static void whatStandsInTheWayIsNamed(Cluster cluster) {
        nft("add table ip wall");
        nft("add chain ip wall guard { type filter hook forward priority 7; policy drop; }");
        Run.Result result = trace(cluster, "pod/trace/client", "web.trace:3000", "-o", "json");
        nft("delete table ip wall");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        JsonNode observed = Tree.at(Json.parse(result.out()), "observed");
        assertThat(Tree.text(observed, "answer")).isEqualTo("SILENT");
        assertThat(Tree.texts(observed, "drift"))
                .containsExactly(
                        "the packet was dropped by the rule ip wall guard: policy drop, which was not predicted");
    }

    @Test
    void explainTriesConnectionsForReal(Cluster cluster) {
        applyAndAwait(cluster);
        assertThat(explain(cluster, "pod/trace/client").ok()).isEqualTo("nothing wrong found\n");
        assertThat(explain(cluster, "pod/trace/web").ok()).isEqualTo("nothing wrong found\n");

        nft("add table ip wall");
        nft("add chain ip wall guard { type filter hook forward priority 7; }");
        nft("add rule ip wall guard tcp dport 8080 drop");
        Explanation stopped = saysFirst(cluster, "pod/trace/client", "FW030", "stopped by ip wall guard handle ");
        assertThat(sentence(stopped)).startsWith("a rule of another program stops connections of pod trace/client");
        nft("delete table ip wall");

        String pod = "fwtshared-pod-"
                + cluster.kubectl("get", "pod", "web", "-n", "trace", "-o", "jsonpath={.metadata.uid}")
                        .ok()
                        .substring(0, 13);
        nft(pod, "add table ip wall");
        nft(pod, "add chain ip wall guard { type filter hook input priority 7; }");
        nft(pod, "add rule ip wall guard tcp dport 8080 drop"); // beyond what the node's rules can show
        Explanation alone = saysFirst(cluster, "pod/trace/web", "FW017", "led to itself, pod trace/web");
        assertThat(sentence(alone)).startsWith("pod trace/web does not reach itself");
        Explanation lost = saysFirst(cluster, "pod/trace/client", "FW030", "led to pod trace/web");
        assertThat(sentence(lost)).startsWith("connections get lost between the node and pod trace/web");
        nft(pod, "delete table ip wall");
        assertThat(explain(cluster, "pod/trace/web").ok()).isEqualTo("nothing wrong found\n");
    }

    private static Explanation saysFirst(Cluster cluster, String from, String code, String fact) {
        return Explanation.inTime(cluster, "svc/web", "-n", "trace", "--from", from)
                .saysFirst(code, fact);
    }

    private static String sentence(Explanation said) {
        return Tree.text(said.findings().getFirst(), "sentence");
    }

    private static Run.Result explain(Cluster cluster, String from) {
        return Cluster.fairway(
                "explain",
                "svc/web",
                "-n",
                "trace",
                "--from",
                from,
                "--state",
                cluster.state().toString());
    }

    private static void nft(String command) {
        nft("fwtshared-node-2", command);
    }

    private static void nft(String namespace, String command) {
        Run.command(List.of("ip", "netns", "exec", namespace, "nft", command)).ok();
    }

    private static List<String> lines(Cluster cluster, String from, String to, String... more) {
        return trace(cluster, from, to, more).ok().lines().toList();
    }

    private static Run.Result trace(Cluster cluster, String from, String to, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("trace", "--state", cluster.state().toString(), "--from", from, to));
        arguments.addAll(List.of(more));
        return Cluster.fairway(arguments.toArray(String[]::new));
    }
}
