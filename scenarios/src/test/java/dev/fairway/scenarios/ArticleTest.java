package dev.fairway.scenarios;

import static dev.fairway.scenarios.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The article's story, step after step in one cluster, with the manifests of `examples/article/`.
@TestMethodOrder(OrderAnnotation.class)
class ArticleTest {

    private static final Path MANIFESTS = Cluster.HOME.resolve("examples/article");
    private static final String OUTSIDE_1 = "198.18.11.1";
    private static final String OUTSIDE_2 = "198.18.11.2";
    private static final String INSIDE_1 = "172.30.11.1";
    private static final String INSIDE_2 = "172.30.11.2";
    private static final String WORLD = "198.18.11.200";

    private static final String READY_FILE = "/tmp/fwt-by-hand-ready";

    private static Cluster cluster;
    private static OutsideWorld world;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.started("fwtarticle", 11);
        world = OutsideWorld.start(cluster.namespace("outside"), WORLD);
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static void applyStep(String file) {
        cluster.kubectl("apply", "-f", MANIFESTS.resolve(file).toString()).ok();
    }

    private static String clusterIp() {
        return cluster.value("svc", "service-python", ".spec.clusterIP");
    }

    /// Many requests from the client pod, each on a connection of its own.
    private static Shares requestsFromPod(int count, String url) {
        String loop = "for i in $(seq " + count + "); do curl -s -m 3 " + url + " || echo failed=curl; done";
        String out = cluster.inPod("pod-nginx", "sh", "-c", loop).ok();
        assertThat(out).doesNotContain("failed=");
        return Shares.of(out, "pod");
    }

    private static void answersFromPod(String url) {
        assertThat(cluster.inPod("pod-nginx", "curl", "-s", "-m", "3", url).ok())
                .contains("pod=pod-python");
    }

    private static void answersFromOutside(String url) {
        assertThat(cluster.outside("curl", "-s", "-m", "3", url).ok()).contains("pod=pod-python");
    }

    @Test
    @Order(1)
    void podsReachEachOtherByAddress() {
        assertThat(cluster.kubectl("get", "nodes", "-o", "wide").ok())
                .containsPattern("NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP +EXTERNAL-IP")
                .containsPattern("node-1 +Ready .* " + INSIDE_1 + " +" + OUTSIDE_1 + " ")
                .containsPattern("node-2 +Ready .* " + INSIDE_2 + " +" + OUTSIDE_2 + " ");
        applyStep("1-no-services.yaml");
        cluster.kubectl("wait", "--for=condition=Ready", "pod/pod-nginx", "--timeout=20s")
                .ok();
        cluster.kubectl(
                        "patch",
                        "deployment",
                        "pod-python",
                        "--type=merge",
                        "-p",
                        "{\"spec\":{\"template\":{\"spec\":{\"nodeName\":\"node-2\"}}}}")
                .ok();
        cluster.kubectl("rollout", "status", "deployment/pod-python", "--timeout=30s")
                .ok();

        within(10, () -> assertThat(pythonPods()).hasSize(1));
        String before = pythonPods().getFirst();
        String oldIp = cluster.value("pod", before, ".status.podIP");
        assertThat(cluster.value("pod", before, ".spec.nodeName")).isEqualTo("node-2");
        cluster.inPod("pod-nginx", "ping", "-c", "2", "-W", "2", oldIp).ok();
        answersFromPod("http://" + oldIp + ":443");

        cluster.kubectl("delete", "pod", before).ok();
        cluster.kubectl("rollout", "status", "deployment/pod-python", "--timeout=30s")
                .ok();
        within(10, () -> assertThat(pythonPods()).hasSize(1).doesNotContain(before));
        String newIp = cluster.value("pod", pythonPods().getFirst(), ".status.podIP");
        assertThat(newIp).isNotEqualTo(oldIp);
        answersFromPod("http://" + newIp + ":443");
        assertThat(cluster.inPod("pod-nginx", "curl", "-s", "-m", "2", "http://" + oldIp + ":443")
                        .succeeded())
                .isFalse();
    }

    private static List<String> pythonPods() {
        return cluster.kubectl(
                        "get",
                        "pods",
                        "-l",
                        "run=pod-python",
                        "-o",
                        "go-template={{range .items}}{{if not .metadata.deletionTimestamp}}"
                                + "{{.metadata.name}}{{\"\\n\"}}{{end}}{{end}}")
                .ok()
                .lines()
                .toList();
    }

    @Test
    @Order(2)
    void aClusterIpStandsInFrontOfThreePods() throws Exception {
        applyStep("1-no-services.yaml");
        cluster.kubectl(
                        "patch",
                        "deployment",
                        "pod-python",
                        "--type=json",
                        "-p",
                        "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/nodeName\"}]")
                .ok();
        cluster.kubectl("scale", "deployment/pod-python", "--replicas=3").ok();
        cluster.kubectl("rollout", "status", "deployment/pod-python", "--timeout=30s")
                .ok();
        assertThat(cluster.kubectl("get", "pods", "-l", "run=pod-python", "-o", "wide")
                        .ok())
                .contains("node-1")
                .contains("node-2");

        assertThat(Files.readString(MANIFESTS.resolve("2-clusterip.yaml"))).isEqualTo("""
            apiVersion: v1
            kind: Service
            metadata:
              name: service-python
            spec:
              ports:
                - port: 3000
                  protocol: TCP
                  targetPort: 443
              selector:
                run: pod-python
              type: ClusterIP
            """);
        applyStep("2-clusterip.yaml");
        within(5, () -> answersFromPod("http://service-python:3000"));
        answersFromPod("http://service-python.default.svc.cluster.local:3000");
        answersFromPod("http://" + clusterIp() + ":3000");
        assertThat(cluster.kubectl("get", "svc", "service-python").ok())
                .containsPattern("service-python +ClusterIP +10\\.96\\.\\d+\\.\\d+ +<none> +3000/TCP +\\d+");
    }

    @Test
    @Order(3)
    void connectionsSpreadOverAllPods() {
        within(
                10,
                () -> assertThat(cluster.kubectl(
                                        "get",
                                        "endpointslices",
                                        "-l",
                                        "kubernetes.io/service-name=service-python",
                                        "-o",
                                        "jsonpath={.items[*].endpoints[*].conditions.ready}")
                                .ok())
                        .isEqualTo("true true true"));
        Shares random = requestsFromPod(600, "http://" + clusterIp() + ":3000");
        assertThat(random.total()).isEqualTo(600);
        assertThat(random.counts())
                .hasSize(3)
                .allSatisfy((pod, count) -> assertThat(count).isBetween(150, 252));

        cluster.kubectl("annotate", "svc", "service-python", "fairway.dev/balancing=round-robin")
                .ok();
        within(
                5,
                () -> assertThat(cluster.onNode("node-1", "nft", "list", "ruleset")
                                .ok())
                        .contains("numgen inc"));
        Shares roundRobin = requestsFromPod(300, "http://" + clusterIp() + ":3000");
        assertThat(roundRobin.counts())
                .hasSize(3)
                .allSatisfy((pod, count) -> assertThat(count).isEqualTo(100));
        cluster.kubectl("annotate", "svc", "service-python", "fairway.dev/balancing-")
                .ok();
    }

    @Test
    @Order(4)
    void podsJoinAndLeaveByLabelAndReadiness() {
        cluster.apply("""
            apiVersion: v1
            kind: Pod
            metadata: {name: by-hand, labels: {run: pod-python}}
            spec:
              containers:
                - name: main
                  image: fairway.dev/host
                  command: [sleep, "600"]
                  ports: [{containerPort: 443}]
                  readinessProbe:
                    exec: {command: [test, -e, %s]}
                    periodSeconds: 1
            """.formatted(READY_FILE)).ok();
        within(
                15,
                () -> assertThat(cluster.value("pod", "by-hand", ".status.phase"))
                        .isEqualTo("Running"));
        String ip = cluster.value("pod", "by-hand", ".status.podIP");
        assertThat(readyAddresses()).doesNotContain(ip);

        inPod("touch", READY_FILE);
        within(10, () -> assertThat(readyAddresses()).contains(ip).hasSize(4));
        inPod("rm", READY_FILE);
        within(15, () -> assertThat(readyAddresses()).doesNotContain(ip).hasSize(3));
        Shares shares = requestsFromPod(60, "http://" + clusterIp() + ":3000");
        assertThat(shares.total()).isEqualTo(60);

        inPod("touch", READY_FILE);
        within(10, () -> assertThat(readyAddresses()).contains(ip));
        cluster.kubectl("label", "pod", "by-hand", "run=other", "--overwrite").ok();
        within(5, () -> assertThat(readyAddresses()).doesNotContain(ip).hasSize(3));
        cluster.kubectl("delete", "pod", "by-hand", "--grace-period=1").ok();
    }

    private static void inPod(String program, String file) {
        cluster.kubectl("exec", "by-hand", "--", program, file).ok();
    }

    private static List<String> readyAddresses() {
        return cluster.kubectl(
                        "get",
                        "endpointslices",
                        "-l",
                        "kubernetes.io/service-name=service-python",
                        "-o",
                        "jsonpath={range .items[*].endpoints[?(@.conditions.ready==true)]}"
                                + "{.addresses[0]}{\"\\n\"}{end}")
                .ok()
                .lines()
                .toList();
    }

    @Test
    @Order(5)
    void aNodePortAnswersOnEveryAddress() {
        String before = clusterIp();
        applyStep("3-nodeport.yaml");
        assertThat(cluster.kubectl("get", "svc", "service-python").ok())
                .containsPattern(
                        "service-python +NodePort +" + before.replace(".", "\\.") + " +<none> +3000:30080/TCP ");
        within(5, () -> answersFromOutside("http://" + OUTSIDE_1 + ":30080"));
        within(5, () -> answersFromOutside("http://" + OUTSIDE_2 + ":30080"));
        answersFromPod("http://" + INSIDE_1 + ":30080");
        answersFromPod("http://" + INSIDE_2 + ":30080");
        answersFromPod("http://service-python:3000");
        answersFromPod("http://" + before + ":3000");
        assertThat(Cluster.fairway(
                                "outside",
                                "--state",
                                cluster.state().toString(),
                                "--",
                                "curl",
                                "-s",
                                "http://" + OUTSIDE_1 + ":30080")
                        .ok())
                .contains("pod=pod-python");
    }

    @Test
    @Order(6)
    void nodePortAnswersOnANodeWithoutPods() {
        cluster.kubectl("cordon", "node-1").ok();
        cluster.kubectl("delete", "pods", "-l", "run=pod-python", "--grace-period=1")
                .ok();
        cluster.kubectl("rollout", "status", "deployment/pod-python", "--timeout=30s")
                .ok();
        within(
                10,
                () -> assertThat(cluster.kubectl("get", "pods", "-l", "run=pod-python", "-o", "wide")
                                .ok())
                        .doesNotContain("node-1"));
        within(5, () -> answersFromOutside("http://" + OUTSIDE_1 + ":30080"));
        cluster.kubectl("uncordon", "node-1").ok();
        cluster.kubectl("delete", "pods", "-l", "run=pod-python", "--grace-period=1")
                .ok();
        cluster.kubectl("rollout", "status", "deployment/pod-python", "--timeout=30s")
                .ok();
    }

    @Test
    @Order(7)
    void aLoadBalancerSpreadsOverAllNodes() {
        String before = clusterIp();
        applyStep("4-loadbalancer.yaml");
        within(2, () -> assertThat(balancerAddress()).startsWith("198.19.11."));
        String address = balancerAddress();
        assertThat(cluster.kubectl("get", "svc", "service-python").ok())
                .containsPattern("service-python +LoadBalancer +" + before + " +" + address + " +3000:30080/TCP ");
        within(5, () -> answersFromOutside("http://" + address + ":3000"));
        assertThat(Run.command(List.of("curl", "-s", "-m", "3", "http://" + address + ":3000"))
                        .ok())
                .contains("pod=pod-python");
        within(10, () -> assertThat(readyAddresses()).hasSize(3));

        String loop = "for i in $(seq 120); do curl -s -m 3 http://" + address + ":3000; done";
        String out = cluster.outside("sh", "-c", loop).ok();
        assertThat(Shares.of(out, "pod").counts()).hasSize(3);
        assertThat(Shares.of(out, "node").counts()).hasSize(2);
        assertThat(Shares.of(out, "pod").total()).isEqualTo(120);
        assertThat(cluster.inNamespace("edge", "nft", "list", "ruleset").ok())
                .contains(OUTSIDE_1)
                .contains(OUTSIDE_2);

        answersFromOutside("http://" + OUTSIDE_2 + ":30080");
        answersFromPod("http://" + before + ":3000");
        answersFromPod("http://service-python:3000");
    }

    private static String balancerAddress() {
        return cluster.value("svc", "service-python", ".status.loadBalancer.ingress[0].ip");
    }

    @Test
    @Order(8)
    void aNodeTakenDownLeavesRotation() {
        String address = balancerAddress();
        cluster.onNode("node-2", "ip", "link", "set", "ext0", "down").ok();
        try {
            within(
                    10,
                    () -> assertThat(cluster.inNamespace("edge", "nft", "list", "ruleset")
                                    .ok())
                            .doesNotContain(OUTSIDE_2));
            String loop = "for i in $(seq 40); do curl -s -m 3 http://" + address + ":3000 || echo failed=curl; done";
            String out = cluster.outside("sh", "-c", loop).ok();
            assertThat(out).doesNotContain("failed=");
            assertThat(Shares.of(out, "pod").total()).isEqualTo(40);
        } finally {
            cluster.onNode("node-2", "ip", "link", "set", "ext0", "up").ok();
        }
        within(
                10,
                () -> assertThat(cluster.inNamespace("edge", "nft", "list", "ruleset")
                                .ok())
                        .contains(OUTSIDE_2));
    }

    @Test
    @Order(9)
    void backToClusterIpReleasesAddressAndPort() {
        String address = balancerAddress();
        String before = clusterIp();
        applyStep("2-clusterip.yaml");
        within(
                5,
                () -> assertThat(cluster.kubectl("get", "svc", "service-python").ok())
                        .containsPattern("service-python +ClusterIP +" + before + " +<none> +3000/TCP "));
        within(5, () -> {
            assertThat(cluster.outside("curl", "-s", "-m", "1", "http://" + address + ":3000")
                            .succeeded())
                    .isFalse();
            assertThat(cluster.outside("curl", "-s", "-m", "1", "http://" + OUTSIDE_1 + ":30080")
                            .succeeded())
                    .isFalse();
        });
        answersFromPod("http://service-python:3000");
    }

    @Test
    @Order(10)
    void anExternalNameReachesAServerOutside() {
        applyStep("5-externalname.yaml");
        assertThat(cluster.kubectl("get", "svc", "service-python").ok())
                .containsPattern("service-python +ExternalName +<none> +remote.server.url.com +3000/TCP ");
        within(10, () -> reachesTheServer("http://service-python:3000"));

        applyStep("2-clusterip.yaml");
        within(10, () -> answersFromPod("http://service-python:3000"));
        applyStep("5-externalname.yaml");
        within(10, () -> reachesTheServer("http://service-python:3000"));
    }

    private static void reachesTheServer(String url) {
        assertThat(cluster.inPod("pod-nginx", "curl", "-s", "-m", "3", url).ok())
                .contains("server=" + OutsideWorld.NAME);
    }

    @Test
    @Order(11)
    void externalNameWithEqualPortsIsAPlainAlias() {
        cluster.apply("""
            apiVersion: v1
            kind: Service
            metadata: {name: alias}
            spec:
              type: ExternalName
              externalName: remote.server.url.com
              ports: [{port: 443, targetPort: 443}]
            """).ok();
        within(
                5,
                () -> assertThat(cluster.inPod(
                                        "pod-nginx", "dig", "+noall", "+answer", "alias.default.svc.cluster.local")
                                .ok())
                        .containsPattern("alias\\.default\\.svc\\.cluster\\.local\\.\\s+\\d+\\s+IN\\s+CNAME\\s+"
                                + "remote\\.server\\.url\\.com\\.")
                        .containsPattern("remote\\.server\\.url\\.com\\.\\s+\\d+\\s+IN\\s+A\\s+" + WORLD));
        within(5, () -> reachesTheServer("http://alias:443"));
    }

    @Test
    @Order(12)
    void theRulesetReadsWell() {
        String ruleset = cluster.onNode("node-1", "nft", "list", "ruleset").ok();
        assertThat(ruleset).contains("table ip fairway").contains("dnat").doesNotContain("unknown");
    }
}
