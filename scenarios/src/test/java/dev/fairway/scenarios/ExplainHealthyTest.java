package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Services of every healthy shape, in front of real pods: each is reached, and `fairway explain` has nothing to say.
@ExtendWith(SharedCluster.class)
class ExplainHealthyTest {

    private static final String NAMESPACE = "healthy";
    private static final String WEB = "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]";
    private static final String CURL = "curl -s -o /dev/null -m 2 ";

    /// The Service's name, what shows that it works, its spec.
    private static final String[][] SERVICES = {
        {"one-pod", CURL + "http://one-pod", "selector: {app: solo}, ports: [{port: 80, targetPort: 8080}]"},
        {"both-nodes", CURL + "http://both-nodes", WEB},
        {"partly", CURL + "http://partly", "selector: {app: partly}, ports: [{port: 80, targetPort: 8080}]"},
        {"by-name", CURL + "http://by-name", "selector: {app: web}, ports: [{port: 80, targetPort: http}]"},
        {"program", CURL + "http://program", "selector: {app: program}, ports: [{port: 80, targetPort: 8080}]"},
        {"fleet", CURL + "http://fleet", "selector: {app: fleet}, ports: [{port: 80, targetPort: 8080}]"},
        {"guarded", CURL + "http://guarded", "selector: {app: guarded}, ports: [{port: 80, targetPort: 8080}]"},
        {"node-port", CURL + "http://node-port", "type: NodePort, " + WEB},
        {"node-port-local", CURL + "http://node-port-local", "type: NodePort, externalTrafficPolicy: Local, " + WEB},
        {"near", CURL + "http://near", "internalTrafficPolicy: Local, " + WEB},
        {"balanced", CURL + "http://balanced", "type: LoadBalancer, " + WEB},
        {
            "balanced-local",
            CURL + "http://balanced-local",
            "type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: solo}, "
                    + "ports: [{port: 80, targetPort: 8080}]"
        },
        {
            "balanced-for-pods",
            CURL + "http://@POOL@.12",
            "type: LoadBalancer, loadBalancerIP: @POOL@.12, loadBalancerSourceRanges: [10.0.0.0/8], " + WEB
        },
        {
            "spoken-for",
            CURL + "http://spoken-for",
            "selector: {app: web}, ports: [{port: 80, targetPort: 8080, appProtocol: http}]"
        },
        {"outer", CURL + "http://192.0.2.77", "externalIPs: [192.0.2.77], " + WEB},
        {"headless", CURL + "http://headless:8080", "clusterIP: None, selector: {app: web}, ports: [{port: 8080}]"},
        {"headless-alone", CURL + "http://headless-alone:8080", "clusterIP: None, selector: {app: web}"},
        {
            "early",
            "getent hosts early",
            "clusterIP: None, publishNotReadyAddresses: true, selector: {app: partly}, ports: [{port: 8080}]"
        },
        {"dual", CURL + "-4 http://dual && " + CURL + "-6 http://dual", "ipFamilyPolicy: RequireDualStack, " + WEB},
        {"six", CURL + "http://six", "ipFamilies: [IPv6], " + WEB},
        {
            "datagrams",
            "python3 -c \"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2);"
                    + " s.sendto(b'?', ('datagrams', 53)); s.recv(999)\"",
            "selector: {app: web}, ports: [{port: 53, protocol: UDP, targetPort: dgram}]"
        },
        {
            "several",
            CURL + "http://several && " + CURL + "http://several:81",
            "selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}, "
                    + "{name: admin, port: 81, targetPort: admin}, "
                    + "{name: dgram, port: 82, protocol: UDP, targetPort: 5353}]"
        },
        {"sticky", CURL + "http://sticky", "sessionAffinity: ClientIP, " + WEB},
        {"by-hand", CURL + "http://by-hand", "ports: [{port: 80}]"},
        {"alias", CURL + "http://alias", "type: ExternalName, externalName: one-pod.healthy.svc.cluster.local"},
        {
            "alias-with-port",
            "getent hosts alias-with-port",
            "type: ExternalName, externalName: one-pod.healthy.svc.cluster.local, "
                    + "ports: [{port: 3000, targetPort: 80}]"
        },
    };

    private static final String BY_HAND = """
            {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice,
             metadata: {name: by-hand, namespace: healthy, labels: {kubernetes.io/service-name: by-hand}},
             addressType: IPv4, ports: [{name: "", port: 8080}],
             endpoints: [{addresses: [@SOLO@], targetRef: {kind: Pod, name: solo, namespace: healthy}}]}
            """;

    @BeforeAll
    static void makeThemAll(Cluster cluster) throws IOException {
        StringBuilder objects =
                new StringBuilder(Files.readString(Cluster.HOME.resolve("scenarios/src/test/explain/healthy.yaml")));
        for (String[] service : SERVICES) {
            objects.append("""
                    ---
                    {apiVersion: v1, kind: Service, metadata: {name: %s, namespace: healthy}, spec: {%s}}
                    """.formatted(service[0], service[2]));
        }
        cluster.apply(objects.toString().replace("@POOL@", cluster.pool())).ok();
        cluster.kubectl(words("wait -n healthy pod/web-1 pod/web-2 pod/solo pod/partly-1 pod/program pod/guarded"
                        + " pod/asker --for=condition=Ready --timeout=60s"))
                .ok();
        cluster.kubectl(words("rollout status -n healthy deployment/fleet --timeout=30s"))
                .ok();
        String solo = cluster.kubectl(words("get pod solo -n healthy -o jsonpath={.status.podIP}"))
                .ok();
        cluster.apply(BY_HAND.replace("@SOLO@", solo)).ok();
        cluster.kubectl(words("wait -n healthy svc/balanced svc/balanced-local svc/balanced-for-pods"
                        + " --for=jsonpath={.status.loadBalancer.ingress} --timeout=30s"))
                .ok();
    }

    @AfterAll
    static void takeThemAway(Cluster cluster) {
        cluster.kubectl(words("delete namespace healthy --wait=false")).ok();
    }

    @Test
    void eachIsReached(Cluster cluster) {
        assertThat(SERVICES.length).isGreaterThanOrEqualTo(20);
        String failing = Arrays.stream(SERVICES)
                .map(service -> "(%s) >/dev/null || echo %s\n".formatted(service[1], service[0]))
                .collect(Collectors.joining())
                .replace("@POOL@", cluster.pool());
        Eventually.within(
                30,
                () -> assertThat(cluster.kubectl("exec", "asker", "-n", NAMESPACE, "--", "sh", "-c", failing)
                                .ok())
                        .isEmpty());
    }

    @Test
    void nothingIsSaidOfAnyOfThem(Cluster cluster) {
        Explanation.of(cluster, "--all", "-n", NAMESPACE).saysNothing();
    }

    /// Also when connections are tried for real.
    @ParameterizedTest
    @CsvSource({
        "fleet, pod/healthy/asker",
        "guarded, pod/healthy/asker",
        "near, pod/healthy/asker",
        "dual, node/node-1",
        "one-pod, pod/healthy/solo"
    })
    void nothingIsSaidOfOneThatIsTried(String service, String from, Cluster cluster) {
        Explanation.of(cluster, "svc/" + service, "-n", NAMESPACE, "--from", from)
                .saysNothing();
    }

    private static String[] words(String command) {
        return command.split(" ");
    }
}
