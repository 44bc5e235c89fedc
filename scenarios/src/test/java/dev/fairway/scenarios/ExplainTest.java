package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/// Services with one fault each, beside healthy ones, in front of real pods: `fairway explain` names the fault first
/// and
/// says nothing of the others.
@ExtendWith(SharedCluster.class)
class ExplainTest {

    private static final String NAMESPACE = "explain";

    private static final String PODS = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: explain}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: explain, labels: {app: web}}
            spec:
              nodeName: node-1
              containers:
                - name: web
                  image: fairway.dev/echo
                  ports: [{name: http, containerPort: 8080}]
                  env: [{name: PEER, value: "http://healthy-headless:8080"}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: shy, namespace: explain, labels: {app: shy}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
                - name: shy
                  image: fairway.dev/host
                  command: [python3, -m, http.server, "8080", --bind, 127.0.0.1]
                  readinessProbe: {periodSeconds: 1, exec: {command: [curl, -sf, "http://127.0.0.1:8080/"]}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: slow, namespace: explain, labels: {app: slow}}
            spec:
              containers:
                - {name: slow, image: fairway.dev/echo, readinessProbe: {exec: {command: ["false"]}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: pair-1, namespace: explain, labels: {app: pair}}
            spec: {containers: [{name: pair, image: fairway.dev/echo, ports: [{containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: pair-2, namespace: explain, labels: {app: pair}}
            spec: {containers: [{name: pair, image: fairway.dev/echo, ports: [{containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: hasty, namespace: explain, labels: {app: hasty}}
            spec: {terminationGracePeriodSeconds: 0, containers: [{name: hasty, image: fairway.dev/echo, ports: [{containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: shut, namespace: explain, labels: {app: shut}}
            spec: {containers: [{name: shut, image: fairway.dev/echo, ports: [{containerPort: 8080}]}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: shut, namespace: explain}
            spec: {podSelector: {matchLabels: {app: shut}}, policyTypes: [Ingress]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: mute, namespace: explain}
            spec: {podSelector: {matchLabels: {app: mute}}, policyTypes: [Egress]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: mute, namespace: explain, labels: {app: mute}}
            spec: {containers: [{name: mute, image: fairway.dev/echo, env: [{name: URL, value: "http://unheard"}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: lost, namespace: explain}
            spec:
              dnsPolicy: Default
              containers: [{name: lost, image: fairway.dev/echo, env: [{name: URL, value: "http://unknown"}]}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: client, namespace: explain}
            spec:
              hostAliases: [{ip: 192.0.2.7, hostnames: [hidden]}]
              containers:
                - name: client
                  image: fairway.dev/echo
                  readinessProbe: {initialDelaySeconds: 3600, exec: {command: [ping, -c1, pinged]}}
                  env:
                    - {name: HEALTHY, value: "http://healthy,http://healthy-by-name:80"}
                    - {name: DIALED, value: "http://dialed:8080"}
                    - {name: LOCAL, value: "http://localhost:31987"}
                    - {name: KEPT, value: "http://kept:8080"}
                    - {name: JAVA_TOOL_OPTIONS, value: -Dsun.net.inetaddr.ttl=-1}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: stale, namespace: explain, labels: {kubernetes.io/service-name: stale}}
            addressType: IPv4
            ports: [{name: "", port: 80}]
            endpoints: [{addresses: [192.0.2.9], targetRef: {kind: Pod, name: gone, namespace: explain}}]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: by-hand, namespace: explain, labels: {kubernetes.io/service-name: by-hand}}
            addressType: IPv4
            ports: [{name: sql, port: 5432}]
            endpoints: [{addresses: [192.0.2.9]}]
            """;

    /// The Service's name, the first code that is expected of it (none for a healthy one), its spec.
    private static final String[][] SERVICES = {
        {"healthy", "", "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"},
        {"healthy-by-name", "", "selector: {app: web}, ports: [{port: 80, targetPort: http}]"},
        {"healthy-headless", "", "clusterIP: None, selector: {app: web}, ports: [{port: 8080}]"},
        {"healthy-alias", "", "type: ExternalName, externalName: db.example.com"},
        {"mistyped", "FW001", "selector: {app: wbe}, ports: [{port: 80, targetPort: 8080}]"},
        {"not-ready", "FW002", "selector: {app: slow}, ports: [{port: 80, targetPort: 8080}]"},
        {"wrong-port", "FW003", "selector: {app: web}, ports: [{port: 80, targetPort: 8081}]"},
        {"wrong-name", "FW004", "selector: {app: web}, ports: [{port: 80, targetPort: https}]"},
        {"loopback", "FW005", "selector: {app: shy}, ports: [{port: 80, targetPort: 8080}]"},
        {"dialed", "FW008", "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"},
        {"pinged", "FW009", "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"},
        {
            "pending",
            "FW010",
            "type: LoadBalancer, loadBalancerClass: example.com/none, selector: {app: web}, "
                    + "ports: [{port: 80, targetPort: 8080}]"
        },
        {
            "outside-local",
            "FW012",
            "type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, "
                    + "ports: [{port: 80, targetPort: 8080}]"
        },
        {
            "inside-local",
            "FW013",
            "internalTrafficPolicy: Local, selector: {app: web}, " + "ports: [{port: 80, targetPort: 8080}]"
        },
        {
            "local",
            "FW014",
            "type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 31987}]"
        },
        {"shut", "FW015", "selector: {app: shut}, ports: [{port: 80, targetPort: 8080}]"},
        {"unheard", "FW016", "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"},
        {
            "scattered",
            "FW018",
            "clusterIP: None, sessionAffinity: ClientIP, selector: {app: pair}, ports: [{port: 8080}]"
        },
        {"long", "FW019", "selector: {app: pair}, ports: [{port: 80, targetPort: 8080, appProtocol: kubernetes.io/h2c}]"
        },
        {"hasty", "FW022", "selector: {app: hasty}, ports: [{port: 80, targetPort: 8080}]"},
        {"stale", "FW022", "ports: [{port: 80}]"},
        {"headless-port", "FW023", "clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"},
        {"alias-address", "FW024", "type: ExternalName, externalName: 192.0.2.1"},
        {"alias-loop", "FW024", "type: ExternalName, externalName: alias-loop.explain.svc.cluster.local"},
        {"unknown", "FW025", "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"},
        {"by-hand", "FW026", "ports: [{name: postgres, port: 5432}]"},
        {"hidden", "FW033", "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"},
        {"kept", "FW034", "clusterIP: None, selector: {app: web}, ports: [{port: 8080}]"},
    };

    @Test
    void theFaultOfEachServiceIsNamedFirst(Cluster cluster) {
        cluster.apply(PODS).ok();
        Map<String, String> expected = new TreeMap<>();
        StringBuilder services = new StringBuilder();
        for (String[] service : SERVICES) {
            services.append("""
                    ---
                    {apiVersion: v1, kind: Service, metadata: {name: %s, namespace: explain}, spec: {%s}}
                    """.formatted(service[0], service[2]));
            if (!service[1].isEmpty()) {
                expected.put(service[0], service[1]);
            }
        }
        cluster.apply(services.toString()).ok();
        cluster.kubectl(
                        "wait",
                        "-n",
                        NAMESPACE,
                        "pod/web",
                        "pod/shy",
                        "pod/pair-1",
                        "pod/pair-2",
                        "pod/hasty",
                        "pod/shut",
                        "--for=condition=Ready",
                        "--timeout=30s")
                .ok();

        assertThat(firstCodes(cluster)).isEqualTo(expected);

        Run.Result absent = explain(cluster, "svc/healthy");
        assertThat(absent.exitCode()).isEqualTo(1);
        assertThat(absent.out())
                .contains("FW006 error", "in \"explain\": from other namespaces its name is healthy.explain");
        Run.Result healthy = explain(cluster, "svc/healthy", "-n", NAMESPACE);
        assertThat(healthy.exitCode()).as(healthy.toString()).isZero();
        Run.Result hinted = explain(cluster, "svc/long", "-n", NAMESPACE);
        assertThat(hinted.out()).contains("FW019 hint");
        assertThat(hinted.exitCode()).as(hinted.toString()).isZero();
        theFaultIsToldByAnEvent(cluster);
        cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false").ok();
    }

    private static void theFaultIsToldByAnEvent(Cluster cluster) {
        Eventually.within(
                30,
                () -> assertThat(describe(cluster, "mistyped"))
                        .contains("SelectorMatchesNoPod", "FW001: ", "fairway explain svc/mistyped -n explain"));
        // Each Service is told when it has settled itself, so the second may come later than the first.
        Eventually.within(
                30, () -> assertThat(events(cluster, "alias-address")).isEqualTo("ExternalNameLeadsNowhere 1"));
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
        cluster.kubectl("set", "selector", "service/mistyped", "app=web", "-n", NAMESPACE)
                .ok();
        waitForHealth(cluster, "True");
        assertThat(health(cluster, "mistyped")).startsWith("True NoFault ");
    }

    private static void waitForHealth(Cluster cluster, String status) {
        String condition = "--for=condition=fairway.dev/healthy=" + status;
        cluster.kubectl("wait", "-n", NAMESPACE, "service/mistyped", condition, "--timeout=30s")
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

    private static Run.Result explain(Cluster cluster, String service, String... more) {
        String[] arguments = new String[more.length + 4];
        System.arraycopy(more, 0, arguments, 4, more.length);
        arguments[0] = "explain";
        arguments[1] = service;
        arguments[2] = "--state";
        arguments[3] = cluster.state().toString();
        return Cluster.fairway(arguments);
    }

    private static Map<String, String> firstCodes(Cluster cluster) {
        Run.Result result = explain(cluster, "--all", "-n", NAMESPACE, "-o", "json");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        Map<String, String> first = new LinkedHashMap<>();
        for (ObjectNode finding : Tree.objects(Json.parse(result.out()), "findings")) {
            first.putIfAbsent(Tree.text(finding, "service"), Tree.text(finding, "code"));
        }
        return new TreeMap<>(first);
    }
}
