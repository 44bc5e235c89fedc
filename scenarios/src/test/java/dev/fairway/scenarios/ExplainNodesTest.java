package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/// Faults in the kernels of nodes, made there by hand: `fairway explain` finds them, and what it says to do helps.
@ExtendWith(SharedCluster.class)
class ExplainNodesTest {

    private static final String NAMESPACE = "explain-nodes";
    private static final String POD = """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: pod-%1$d, namespace: explain-nodes, labels: {app: names}}
            spec:
              nodeName: node-%1$d
              containers:
                - name: names
                  image: fairway.dev/echo
                  ports: [{containerPort: 8080}, {containerPort: 8053, protocol: UDP}]
            """;
    private static final String OBJECTS = """
            {apiVersion: v1, kind: Namespace, metadata: {name: explain-nodes}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: names, namespace: explain-nodes}
            spec:
              selector: {app: names}
              ports: [{name: tcp, port: 80, targetPort: 8080}, {name: udp, protocol: UDP, port: 53, targetPort: 8053}]
            """;

    /// Whether a datagram from port {1} to {2} is answered within {3} seconds.
    private static final String ASK = """
            import socket, sys
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind(('', int(sys.argv[1])))
            s.settimeout(float(sys.argv[3]))
            s.sendto(b'?', (sys.argv[2], 53))
            s.recv(1000)
            """;

    /// Connections that the kernel does not forget early, one more than it may track.
    private static final String FILL = """
            awk -v n=$(cat /proc/sys/net/netfilter/nf_conntrack_max) 'BEGIN {
                for (i = 0; i <= n; i++)
                    printf "-I -p tcp -s 192.0.2.1 -d 198.51.%d.%d --sport %d --dport 9 %s\\n",
                        i / 60000 / 250, i / 60000 % 250, i % 60000 + 1,
                        "-t 600 --state ESTABLISHED -u ASSURED,SEEN_REPLY" }' | conntrack -R -
            """;

    @BeforeAll
    static void applyAHealthyService(Cluster cluster) {
        cluster.apply(OBJECTS + POD.formatted(1) + POD.formatted(2)).ok();
        cluster.kubectl("wait", "-n", NAMESPACE, "pod/pod-1", "pod/pod-2", "--for=condition=Ready", "--timeout=30s")
                .ok();
    }

    @AfterAll
    static void deleteIt(Cluster cluster) {
        cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false").ok();
    }

    /// Also when what was told did not help.
    @AfterEach
    void undo(Cluster cluster) {
        cluster.onNode("node-2", "ip", "link", "set", "int0", "mtu", "1500").ok();
        cluster.onNode("node-2", "conntrack", "-F").ok();
    }

    @Test
    void aUdpClientIsLedToAPodThatIsGone(Cluster cluster) {
        String address = clusterIp(cluster);
        String client = value(cluster, "pod/pod-1", ".status.podIP");
        String gone = client.substring(0, client.lastIndexOf('.')) + ".60";
        ask(cluster, 1, 4001, address).ok();
        assertThat(explain(cluster)).isEmpty();

        cluster.onNode(
                        "node-1",
                        ("conntrack -I -p udp --timeout 120 --src " + client + " --dst " + address
                                        + " --sport 4000 --dport 53 --dst-nat " + gone + ":8053")
                                .split(" "))
                .ok();

        assertThat(ask(cluster, 1, 4000, address).succeeded()).isFalse();
        ask(cluster, 1, 4001, address).ok();
        ObjectNode finding = saysFirst(
                cluster, "FW020", "on node-1: " + client + ":4000 -> " + address + ":53 is led to " + gone + ":8053");

        doWhatIsSaid(finding);
        ask(cluster, 1, 4000, address).ok();
        assertThat(explain(cluster)).isEmpty();
    }

    @Test
    void largePacketsVanishBetweenNodes(Cluster cluster) {
        String target = value(cluster, "pod/pod-2", ".status.podIP");
        ping(cluster, 1472, target).ok();
        assertThat(explain(cluster)).isEmpty();

        cluster.onNode("node-2", "ip", "link", "set", "int0", "mtu", "1400").ok();

        ping(cluster, 1372, target).ok();
        Run.Result lost = ping(cluster, 1472, target);
        assertThat(lost.exitCode()).isEqualTo(1);
        assertThat(lost.out())
                .as("nobody tells the sender")
                .contains("100% packet loss")
                .doesNotContain("Frag needed");
        ObjectNode finding = saysFirst(cluster, "FW028", "link int0 of node-2: 1400 bytes at most");
        assertThat(Tree.text(finding, "sentence"))
                .isEqualTo("packets of more than 1400 bytes from node-1 to node-2 vanish:"
                        + " what is small works, what is large hangs");

        doWhatIsSaid(finding);
        ping(cluster, 1472, target).ok();
        assertThat(explain(cluster)).isEmpty();
    }

    /// The maximum belongs to the machine and cannot be lowered in a namespace, so the table is filled for real.
    @Test
    void aNodeTracksAsManyConnectionsAsItMay(Cluster cluster) {
        String address = clusterIp(cluster);
        ask(cluster, 2, 4002, address).ok();

        cluster.onNode("node-2", "sh", "-c", FILL);

        assertThat(ask(cluster, 2, 4003, address).succeeded()).isFalse();
        ObjectNode finding = saysFirst(cluster, "FW021", "(net.netfilter.nf_conntrack_max)");
        assertThat(Tree.text(finding, "severity")).isEqualTo("error");
        assertThat(Tree.text(finding, "sentence")).startsWith("node-2 cannot track more connections");

        cluster.onNode("node-2", "conntrack", "-F").ok();
        ask(cluster, 2, 4003, address).ok();
        assertThat(explain(cluster)).isEmpty();
    }

    private static List<ObjectNode> explain(Cluster cluster) {
        Explanation said = Explanation.of(cluster, "svc/names", "-n", NAMESPACE);
        List<ObjectNode> findings = said.findings();
        assertThat(said.result().exitCode()).as(said.result().toString()).isEqualTo(findings.isEmpty() ? 0 : 1);
        assertThat(Tree.texts(Json.parse(said.result().out()), "notEvaluated")).isEmpty();
        return findings;
    }

    private static ObjectNode saysFirst(Cluster cluster, String code, String fact) {
        return Explanation.inTime(cluster, "svc/names", "-n", NAMESPACE)
                .saysFirst(code, fact)
                .findings()
                .getFirst();
    }

    private static void doWhatIsSaid(ObjectNode finding) {
        Run.command(List.of(Tree.text(finding, "fix").split(" "))).ok();
    }

    private static Run.Result ask(Cluster cluster, int pod, int fromPort, String address) {
        return inPod(cluster, pod, "python3", "-c", ASK, Integer.toString(fromPort), address, "0.5");
    }

    private static Run.Result ping(Cluster cluster, int bytes, String target) {
        return inPod(cluster, 1, "ping", "-c1", "-W1", "-M", "do", "-s", Integer.toString(bytes), target);
    }

    private static Run.Result inPod(Cluster cluster, int pod, String... command) {
        String uid = value(cluster, "pod/pod-" + pod, ".metadata.uid");
        return cluster.inNamespace("pod-" + uid.substring(0, 13), command);
    }

    private static String clusterIp(Cluster cluster) {
        return value(cluster, "svc/names", ".spec.clusterIP");
    }

    private static String value(Cluster cluster, String object, String path) {
        return cluster.kubectl("get", object, "-n", NAMESPACE, "-o", "jsonpath={" + path + "}")
                .ok()
                .strip();
    }
}
