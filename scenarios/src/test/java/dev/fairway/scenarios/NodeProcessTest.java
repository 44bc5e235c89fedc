package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// `fairway node` in the place of kube-proxy: three machines, each with a process of its own and with the rights of the
/// example's manifests only, against an API server on a fourth, over TLS. The third runs pods, too, and is no Node
/// before.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("second lane")
class NodeProcessTest {

    private static final String CLUSTER = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: NodePort
              clusterIP: 10.96.0.70
              ports: [{port: 80, targetPort: 8080, nodePort: 30070}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: near}
            spec:
              type: NodePort
              clusterIP: 10.96.0.71
              externalTrafficPolicy: Local
              ports: [{port: 80, targetPort: 8080, nodePort: 30071}]
            """;

    private static final int WHOLE = 3;

    @TempDir
    Path folder;

    private static String node(int number) {
        return """
                apiVersion: v1
                kind: Node
                metadata: {name: node-%1$d}
                spec: {podCIDR: 10.249.%1$d.0/24, podCIDRs: [10.249.%1$d.0/24]}
                status: {addresses: [{type: InternalIP, address: 172.29.7.%1$d}]}
                ---
                """.formatted(number);
    }

    private static String endpoints(String service, int... nodes) {
        StringBuilder slice = new StringBuilder("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %1$s, labels: {kubernetes.io/service-name: %1$s}}
                addressType: IPv4
                ports: [{port: 8080}]
                endpoints:
                """.formatted(service));
        for (int node : nodes) {
            slice.append("- {addresses: [10.249.%1$d.2], nodeName: node-%1$d}\n".formatted(node));
        }
        return slice.append("---\n").toString();
    }

    @Test
    void threeMachinesForwardForAServerElsewhereAndGoOnWithoutIt() throws Exception {
        try (Machines machines = Machines.make(folder, Set.of(WHOLE))) {
            machines.startServer();
            Eventually.within(
                    60, () -> machines.kubectl("", "get", "--raw", "/readyz").ok());
            machines.giveNodesAccess();
            for (int number = 1; number <= Machines.COUNT; number++) {
                if (number != WHOLE) {
                    machines.kubectl(node(number), "create", "-f", "-").ok();
                }
                machines.startNode(number);
            }
            machines.kubectl(CLUSTER + "---\n" + endpoints("web", 1, 2, 3) + endpoints("near", 2), "apply", "-f", "-")
                    .ok();

            servicesAreReached(machines);
            aConnectionIsPredicted(machines);
            rulesThatWereBrokenByHandAreNamed(machines);
            aWholeNodeRunsPods(machines);
            theServerGoesAndComesBack(machines);
            nothingIsLeftAfterCleanup(machines);
        }
    }

    private static void servicesAreReached(Machines machines) {
        Eventually.within(
                60,
                () -> assertThat(machines.askOften("pod-1", "http://10.96.0.70/"))
                        .containsExactly("node-1", "node-2", "node-3"));
        for (int number = 1; number <= Machines.COUNT; number++) {
            String nodePort = "http://172.29.7." + number + ":30070/";
            Eventually.within(
                    60,
                    () -> assertThat(machines.askOften("hub", nodePort)).containsExactly("node-1", "node-2", "node-3"));
        }
        assertThat(machines.ask("hub", "http://172.29.7.2:30071/")).isEqualTo("node-2");
        assertThat(machines.ask("hub", "http://172.29.7.1:30071/")).contains("timed out");
        assertThat(machines.ask("pod-1", "http://10.96.0.71/")).isEqualTo("node-2");
        assertThat(address(machines, "node-3", "near")).isEqualTo("10.96.0.71");
        assertThat(machines.ask("node-1", "http://127.0.0.1:10249/proxyMode")).isEqualTo("nftables");
        assertThat(machines.ask("hub", "http://172.29.7.1:10256/healthz")).contains("\"nodeEligible\":true");
    }

    private static void aWholeNodeRunsPods(Machines machines) {
        machines.kubectl("", "wait", "--for=condition=Ready", "node/node-3", "--timeout=30s")
                .ok();
        machines.kubectl("", "run", "own", "--image=fairway.dev/echo", "--port=80", "--expose")
                .ok();
        machines.kubectl("", "wait", "--for=condition=Ready", "pod/own", "--timeout=30s")
                .ok();
        machines.kubectl("", "wait", "--for=condition=fairway.dev/programmed", "svc/own", "--timeout=10s")
                .ok();
        String address = machines.kubectl("", "get", "svc", "own", "-o", "jsonpath={.spec.clusterIP}")
                .ok();
        Eventually.within(
                30,
                () -> assertThat(machines.ask("pod-1", "http://" + address + "/"))
                        .contains("pod=own\nnode=node-3\nip=10.248.3.", "client=10.249.1.2"));
        assertThat(machines.ask("pod-3", "http://" + address + "/")).contains("pod=own");
        machines.kubectl("", "delete", "pod,service", "own", "--timeout=30s").ok();
    }

    private static void aConnectionIsPredicted(Machines machines) {
        assertThat(trace(machines, "node/node-1", "web:80"))
                .startsWith("172.29.7.1 to 10.96.0.70:80 TCP, on node node-1\n")
                .contains(
                        "vmap @services",
                        "\nto 10.249.1.2:8080 with the node's address, 33 %\n",
                        "\nto 10.249.3.2:8080 with");
        assertThat(trace(machines, "172.29.7.254", "172.29.7.1:30071")).endsWith("dropped: the client hears nothing\n");
    }

    /// While its program runs a node mends its rules itself, so it must be dead.
    private static void rulesThatWereBrokenByHandAreNamed(Machines machines) throws Exception {
        String[] packet = {"--from", "node/node-1", "web:80"};
        machines.kill("node-1");
        assertThat(traceOnNode(machines, packet).ok()).contains("as predicted");

        machines.in("node-1", "nft", "delete element ip fairway services { 10.96.0.70 . tcp . 80 }")
                .ok();
        Run.Result gone = traceOnNode(machines, packet);
        assertThat(gone.exitCode()).as(gone.toString()).isEqualTo(1);
        assertThat(gone.out())
                .containsPattern(
                        "drift: the packet was (dropped|refused) by the rule ip fairway .*" + "which was not predicted")
                .contains(
                        "drift: the kernel lacks element ip fairway services { 10.96.0.70 . tcp . 80 : goto pick-3 }");

        machines.in("node-1", "nft", "add element ip fairway services { 10.96.0.70 . tcp . 80 : goto pick-1 }")
                .ok();
        Run.Result other = traceOnNode(machines, packet);
        assertThat(other.exitCode()).as(other.toString()).isEqualTo(1);
        assertThat(other.out()).contains("otherwise or too much");

        machines.startNode(1);
        Eventually.within(
                60, () -> assertThat(traceOnNode(machines, packet).ok()).contains("as predicted"));
    }

    private static Run.Result traceOnNode(Machines machines, String... packet) {
        List<String> command =
                new ArrayList<>(List.of("env", "FAIRWAY_NO_BUILD=1", Rehearsed.LAUNCHER, "trace", "--kubeconfig"));
        command.add(machines.kubeconfig().toString());
        command.addAll(List.of("--state", "/tmp/fwt-no-cluster"));
        command.addAll(List.of(packet));
        return machines.in("node-1", command.toArray(String[]::new));
    }

    private static String trace(Machines machines, String from, String to) {
        return machines.in(
                        "hub",
                        "env",
                        "FAIRWAY_NO_BUILD=1",
                        Rehearsed.LAUNCHER,
                        "trace",
                        "--kubeconfig",
                        machines.kubeconfig().toString(),
                        "--from",
                        from,
                        to)
                .ok();
    }

    private static String address(Machines machines, String place, String service) {
        return machines.in(
                        place,
                        "dig",
                        "+short",
                        "+time=2",
                        "+tries=1",
                        "@169.254.20.10",
                        service + ".default.svc.cluster.local")
                .out()
                .strip();
    }

    private static void theServerGoesAndComesBack(Machines machines) throws Exception {
        machines.kubectl(endpoints("web", 3), "apply", "-f", "-").ok();
        Eventually.within(
                30,
                () -> assertThat(machines.askOften("pod-2", "http://10.96.0.70/"))
                        .containsExactly("node-3"));
        for (int number = 1; number <= Machines.COUNT; number++) {
            int node = number;
            Eventually.within(
                    10,
                    () -> assertThat(machines.lastKnown(node, "endpointslices"))
                            .contains("10.249.3.2")
                            .doesNotContain("10.249.1.2"));
        }
        machines.kill("hub");
        machines.stop("node-1");
        machines.kill("node-2");
        for (String pod : new String[] {"pod-1", "pod-2", "pod-3"}) {
            assertThat(machines.ask(pod, "http://10.96.0.70/")).isEqualTo("node-3");
        }

        machines.startNode(1);
        machines.startNode(2);
        for (String node : new String[] {"node-1", "node-2"}) {
            Eventually.within(
                    60, () -> assertThat(address(machines, node, "web")).isEqualTo("10.96.0.70"));
        }
        assertThat(machines.said("node-1")).contains("going on with the services known last");

        machines.startServer();
        Eventually.within(
                60,
                () -> machines.kubectl(endpoints("web", 1), "apply", "-f", "-").ok());
        for (String pod : new String[] {"pod-1", "pod-2", "pod-3"}) {
            Eventually.within(
                    30,
                    () -> assertThat(machines.askOften(pod, "http://10.96.0.70/"))
                            .containsExactly("node-1"));
        }
    }

    private static void nothingIsLeftAfterCleanup(Machines machines) throws Exception {
        machines.stop("node-1");
        assertThat(machines.in("node-1", "nft", "list", "tables").ok()).contains("fairway");
        machines.in(
                        "node-1",
                        "env",
                        "FAIRWAY_NO_BUILD=1",
                        Rehearsed.LAUNCHER,
                        "node",
                        "--cleanup",
                        "--dns",
                        "169.254.20.10")
                .ok();
        assertThat(machines.in("node-1", "nft", "list", "tables").ok()).isEmpty();
        assertThat(machines.in("node-1", "ip", "addr", "show", "lo").ok()).doesNotContain("169.254.20.10");
    }
}
