package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.scenarios.Faults.Fault;
import dev.fairway.scenarios.Faults.Symptom;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/// Services with one fault each, beside healthy ones, in front of real pods: who uses them meets the fault, and
/// `fairway explain` names it first, with the facts, and says nothing of the others.
@ExtendWith(SharedCluster.class)
class ExplainTest {

    private static final String NAMESPACE = "explain";
    private static final Path FILES = Cluster.HOME.resolve("scenarios/src/test/explain");

    private static final String HEALTHY = """
            ---
            {apiVersion: v1, kind: Service, metadata: {name: healthy, namespace: explain},
             spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: healthy-by-name, namespace: explain},
             spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: healthy-headless, namespace: explain},
             spec: {clusterIP: None, selector: {app: web}, ports: [{port: 8080}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: healthy-alias, namespace: explain},
             spec: {type: ExternalName, externalName: db.example.com}}
            """;

    /// What enforces NetworkPolicies elsewhere: a pod that nobody gets in to, and one that must not ask DNS.
    private static final String ENFORCER = """
            add table ip enforcer
            add chain ip enforcer forward { type filter hook forward priority 10; }
            add chain ip enforcer input { type filter hook input priority 10; }
            add rule ip enforcer forward ip daddr @SHUT@ drop
            add rule ip enforcer input ip saddr @MUTE@ meta l4proto { tcp, udp } th dport 53 drop
            """;

    private static List<Fault> faults;

    @BeforeAll
    static void makeThemAll(Cluster cluster) throws IOException {
        faults = Faults.all(cluster.pool(), nodeAddress(cluster, "node-2"));
        StringBuilder services = new StringBuilder(HEALTHY);
        faults.forEach(fault -> services.append("""
                ---
                {apiVersion: v1, kind: Service, metadata: {name: %s, namespace: explain}, spec: {%s}}
                """.formatted(fault.service(), fault.spec())));
        cluster.apply(pods(cluster) + services).ok();
        cluster.kubectl(words("wait -n explain pod/web pod/kept-1 pod/shy pod/half pod/dgram pod/pair-1 pod/pair-2"
                        + " pod/right pod/strange pod/hasty pod/shut pod/mute pod/lost pod/buyer pod/keeper"
                        + " --for=condition=Ready --timeout=60s"))
                .ok();
        cluster.kubectl(words("wait -n explain-away pod/away --for=condition=Ready --timeout=30s"))
                .ok();
        cluster.kubectl(words("wait -n explain pod/client --for=jsonpath={.status.phase}=Running --timeout=30s"))
                .ok();
        cluster.kubectl(words("wait -n explain svc --all --for=condition=fairway.dev/programmed --timeout=30s"));
        breakTheRest(cluster);
    }

    private static String pods(Cluster cluster) throws IOException {
        return Files.readString(FILES.resolve("faults.yaml"))
                .replace(
                        "@JAVA@",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .replace("@KEEPER@", FILES.resolve("Keeper.java").toString())
                .replace("@POOL@", cluster.pool());
    }

    /// Faults that are in no object: an address that nobody announces, policies that somebody enforces.
    private static void breakTheRest(Cluster cluster) {
        cluster.kubectl(
                        "patch",
                        "service",
                        "unanswered",
                        "-n",
                        NAMESPACE,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"" + cluster.pool() + ".14\"}]}}}")
                .ok();
        String rules = ENFORCER.replace("@SHUT@", value(cluster, "pod/shut", ".status.podIP"))
                .replace("@MUTE@", value(cluster, "pod/mute", ".status.podIP"));
        cluster.onNode("node-1", "nft", rules).ok();
    }

    @AfterAll
    static void takeThemAway(Cluster cluster) {
        cluster.onNode("node-1", "nft", "delete table ip enforcer");
        cluster.kubectl(words("delete namespace explain explain-away --wait=false"))
                .ok();
    }

    @Test
    void whoUsesTheServicesMeetsTheirFaults(Cluster cluster) {
        faults.stream()
                .collect(Collectors.groupingBy(fault -> fault.symptom().where()))
                .forEach((where, theirs) -> {
                    String script =
                            theirs.stream().map(ExplainTest::othersThanWanted).collect(Collectors.joining());
                    Run.Result wrong = where.equals("outside")
                            ? cluster.outside("sh", "-c", script)
                            : inPod(cluster, NAMESPACE, where, script);
                    assertThat(wrong.ok()).as("from " + where).isEmpty();
                });
        assertThat(inPod(cluster, "explain-away", "away", "curl -s -m 1 http://healthy")
                        .exitCode())
                .isIn(6, 28);
        assertThat(inPod(cluster, NAMESPACE, "buyer", "curl -s -m 1 http://healthy")
                        .ok())
                .contains("pod=web\n");
    }

    /// Prints how the command ended, if that is not what it should meet.
    private static String othersThanWanted(Fault fault) {
        Symptom symptom = fault.symptom();
        String wanted = symptom.exits().stream().map(String::valueOf).collect(Collectors.joining("|"));
        return """
                (%s) >/dev/null 2>&1
                exit=$?
                case $exit in %s) ;; *) echo "%s: $exit" ;; esac
                """.formatted(symptom.command(), wanted, fault.service());
    }

    @Test
    void theFaultOfEachServiceIsNamedFirst(Cluster cluster) {
        Map<String, String> expected =
                faults.stream().collect(Collectors.toMap(Fault::service, Fault::code, (a, _) -> a, TreeMap::new));
        assertThat(firstCodes(cluster)).isEqualTo(expected);

        for (Fault fault : faults) {
            explain(cluster, fault.service()).saysFirst(fault.code(), fault.fact());
        }
    }

    @Test
    void aServiceOfAnotherNamespaceIsFound(Cluster cluster) {
        Explanation absent = Explanation.inTime(cluster, "svc/healthy", "-n", "explain-away")
                .saysFirst("FW006", "namespaces with a Service of that name: explain");
        assertThat(absent.result().exitCode()).isEqualTo(1);
        assertThat(absent.result().out()).contains("from other namespaces its name is healthy.explain");
    }

    @Test
    void healthyServicesAndHintsAreNoFaults(Cluster cluster) {
        explain(cluster, "healthy").saysNothing();
        assertThat(explain(cluster, "long").result().exitCode()).isZero();
    }

    /// `kubectl port-forward` answers all the same, and that is said beside the fault.
    @Test
    void portForwardIsNoProof(Cluster cluster) {
        Explanation said = explain(cluster, "loopback");
        assertThat(said.codes()).containsExactly("FW005", "FW032");
        ObjectNode finding = said.findings().getLast();
        assertThat(Tree.texts(finding, "evidence")).containsExactly("it does not meet FW005");
        String forward = Tree.text(finding, "fix").replace(":PORT", "18080:8080");
        Run.Result result = cluster.shell(forward + " >/dev/null & forward=$!\n"
                + "curl -s -o /dev/null --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:18080/\n"
                + "result=$?; kill $forward; exit $result");
        assertThat(result.succeeded()).as(result.toString()).isTrue();
        assertThat(explain(cluster, "shut").codes()).containsExactly("FW015", "FW032");
    }

    /// A real connection proves what the object only suggests.
    @Test
    void aPolicyThatIsEnforcedIsNoHint(Cluster cluster) {
        Explanation tried = Explanation.inTime(cluster, "svc/shut", "-n", NAMESPACE, "--from", "pod/explain/web")
                .saysFirst("FW015", "stopped by ip enforcer forward handle");
        assertThat(Tree.text(tried.findings().getFirst(), "severity")).isEqualTo("error");
        assertThat(tried.codes()).containsExactly("FW015", "FW032");
        Explanation.inTime(cluster, "svc/shut", "-n", NAMESPACE, "--from", "pod/explain/buyer")
                .saysFirst("FW015", "led to pod explain/shut");
        Explanation mute = Explanation.of(cluster, "svc/unheard", "-n", NAMESPACE, "--from", "pod/explain/mute");
        assertThat(mute.codes()).as(mute.result().toString()).first().isEqualTo("FW016");
        assertThat(Tree.text(mute.findings().getFirst(), "severity")).isEqualTo("error");
        assertThat(mute.evidence())
                .contains("does not stand for", "NetworkPolicies of pod explain/mute with egress: mute");
    }

    /// The pod behind the name is replaced: everybody finds the new one, but a program that asked once and for all.
    @Test
    void aProgramThatKeepsNamesStaysWithPodsThatAreGone(Cluster cluster) {
        Eventually.within(20, () -> assertThat(lastLine(cluster)).isEqualTo("answered 200"));
        String before = value(cluster, "pod/kept-1", ".status.podIP");
        cluster.kubectl(words("delete pod kept-1 -n explain --wait")).ok();
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: kept-2, namespace: explain, labels: {app: kept}}
                spec: {containers: [{name: kept, image: fairway.dev/echo, ports: [{containerPort: 8080}]}]}
                """).ok();
        cluster.kubectl(words("wait -n explain pod/kept-2 --for=condition=Ready --timeout=30s"))
                .ok();
        assertThat(value(cluster, "pod/kept-2", ".status.podIP")).isNotEqualTo(before);
        Eventually.within(
                10,
                () -> assertThat(inPod(cluster, NAMESPACE, "buyer", "curl -s -m 1 http://kept:8080")
                                .ok())
                        .contains("pod=kept-2\n"));

        assertThat(lastLine(cluster)).startsWith("not answered");
        explain(cluster, "kept").saysFirst("FW034", "pod explain/keeper, container keeper, command: http://kept:8080");
    }

    private static String lastLine(Cluster cluster) {
        return cluster.kubectl(words("logs keeper -n explain --tail=1")).ok().strip();
    }

    @Test
    void theFaultIsToldByAnEvent(Cluster cluster) {
        Eventually.within(
                30,
                () -> assertThat(describe(cluster, "mistyped"))
                        .contains("SelectorMatchesNoPod", "FW001: ", "fairway explain svc/mistyped -n explain"));
        // Each Service is told when it has settled itself, so the second may come later than the first.
        Eventually.within(30, () -> assertThat(events(cluster, "alias-loop")).isEqualTo("ExternalNameLeadsNowhere 1"));
        assertThat(events(cluster, "mistyped")).isEqualTo("SelectorMatchesNoPod 1");
        assertThat(events(cluster, "healthy")).isEmpty();
        assertThat(events(cluster, "long")).isEmpty();
        theConditionSaysTheSame(cluster);
    }

    /// And goes to True once the selector is mended.
    private static void theConditionSaysTheSame(Cluster cluster) {
        waitForHealth(cluster, "False");
        assertThat(health(cluster, "mistyped")).startsWith("False SelectorMatchesNoPod FW001: ");
        assertThat(health(cluster, "healthy")).isEmpty();
        cluster.kubectl(words("set selector service/mistyped app=web -n explain"))
                .ok();
        waitForHealth(cluster, "True");
        assertThat(health(cluster, "mistyped")).startsWith("True NoFault ");
        cluster.kubectl(words("set selector service/mistyped app=wbe -n explain"))
                .ok();
    }

    private static void waitForHealth(Cluster cluster, String status) {
        cluster.kubectl(words("wait -n explain service/mistyped --for=condition=fairway.dev/healthy=" + status
                        + " --timeout=30s"))
                .ok();
    }

    private static String health(Cluster cluster, String service) {
        String condition = "{range .status.conditions[?(@.type==\"fairway.dev/healthy\")]}"
                + "{.status} {.reason} {.message}{end}";
        return cluster.kubectl("get", "service", service, "-n", NAMESPACE, "-o", "jsonpath=" + condition)
                .ok();
    }

    private static String describe(Cluster cluster, String service) {
        return cluster.kubectl("describe", "service", service, "-n", NAMESPACE).ok();
    }

    /// Reasons and how often.
    private static String events(Cluster cluster, String service) {
        return cluster.kubectl(
                        "get",
                        "events",
                        "-n",
                        NAMESPACE,
                        "--field-selector",
                        "involvedObject.kind=Service,involvedObject.name=" + service,
                        "-o",
                        "jsonpath={range .items[*]}{.reason} {.count}{\"\\n\"}{end}")
                .ok()
                .strip();
    }

    private static Explanation explain(Cluster cluster, String service) {
        return Explanation.inTime(cluster, "svc/" + service, "-n", NAMESPACE);
    }

    private static Map<String, String> firstCodes(Cluster cluster) {
        Explanation all = Explanation.of(cluster, "--all", "-n", NAMESPACE);
        assertThat(all.result().exitCode()).as(all.result().toString()).isEqualTo(1);
        Map<String, String> first = new LinkedHashMap<>();
        for (ObjectNode finding : Tree.objects(Json.parse(all.result().out()), "findings")) {
            first.putIfAbsent(Tree.text(finding, "service"), Tree.text(finding, "code"));
        }
        return new TreeMap<>(first);
    }

    private static Run.Result inPod(Cluster cluster, String namespace, String pod, String command) {
        return cluster.kubectl("exec", pod, "-n", namespace, "--", "sh", "-c", command);
    }

    private static String nodeAddress(Cluster cluster, String node) {
        String address = "jsonpath={.status.addresses[?(@.type==\"ExternalIP\")].address}";
        return cluster.kubectl("get", "node", node, "-o", address).ok().split(" ")[0];
    }

    private static String value(Cluster cluster, String object, String path) {
        return cluster.kubectl("get", object, "-n", NAMESPACE, "-o", "jsonpath={" + path + "}")
                .ok()
                .strip();
    }

    private static String[] words(String command) {
        return command.split(" ");
    }
}
