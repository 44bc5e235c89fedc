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
              containers: [{name: web, image: fairway.dev/echo, ports: [{name: http, containerPort: 8080}]}]
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
        {"headless-port", "FW023", "clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"},
        {"alias-address", "FW024", "type: ExternalName, externalName: 192.0.2.1"},
        {"alias-loop", "FW024", "type: ExternalName, externalName: alias-loop.explain.svc.cluster.local"},
        {"by-hand", "FW026", "ports: [{name: postgres, port: 5432}]"},
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
        cluster.kubectl("wait", "-n", NAMESPACE, "pod/web", "pod/shy", "--for=condition=Ready", "--timeout=30s")
                .ok();

        assertThat(firstCodes(cluster)).isEqualTo(expected);

        Run.Result absent = explain(cluster, "svc/healthy");
        assertThat(absent.exitCode()).isEqualTo(1);
        assertThat(absent.out())
                .contains("FW006 error", "in \"explain\": from other namespaces its name is healthy.explain");
        Run.Result healthy = explain(cluster, "svc/healthy", "-n", NAMESPACE);
        assertThat(healthy.exitCode()).as(healthy.toString()).isZero();
        cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false").ok();
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
