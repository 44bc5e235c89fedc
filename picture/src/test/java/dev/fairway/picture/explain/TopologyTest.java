package dev.fairway.picture.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.TestCluster;
import dev.fairway.schema.Meta;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Whole topologies of two nodes, a line each: what is behind a Service, and what is said of it. In a row of pods
/// `web@node-1:8080/10.0.0.1` is a ready pod `app=web` that declares the port; `!` before it is one that is not ready.
class TopologyTest {

    private static final String PORT = "'ports': [{'port': 80, 'targetPort': 8080}]";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            one pod                                     | web@node-1:8080/10.0.0.1                                 | 'ipFamilies': ['IPv4'], PORT
            pods on both nodes                          | web@node-1:8080/10.0.0.1 web@node-2:8080/10.0.1.1        | 'ipFamilies': ['IPv4'], PORT
            one of two is not ready                     | web@node-1:8080/10.0.0.1 !web@node-2:8080/10.0.1.1       | 'ipFamilies': ['IPv4'], PORT
            node port                                   | web@node-1:8080/10.0.0.1                                 | 'type': 'NodePort', PORT
            node port, local, on every node             | web@node-1:8080/10.0.0.1 web@node-2:8080/10.0.1.1        | 'type': 'NodePort', 'externalTrafficPolicy': 'Local', PORT
            load balancer, local, on one node           | web@node-1:8080/10.0.0.1                                 | 'type': 'LoadBalancer', 'externalTrafficPolicy': 'Local', PORT
            kept to the node, on every node             | web@node-1:8080/10.0.0.1 web@node-2:8080/10.0.1.1        | 'internalTrafficPolicy': 'Local', PORT
            policies that keep nothing                  | web@node-1:8080/10.0.0.1                                 | 'internalTrafficPolicy': 'Cluster', 'externalTrafficPolicy': 'Cluster', PORT
            headless                                    | web@node-1:8080/10.0.0.1                                 | 'clusterIP': 'None', 'ports': [{'port': 8080, 'targetPort': 8080}]
            headless without ports                      | web@node-1:8080/10.0.0.1                                 | 'clusterIP': 'None'
            headless before its pods are ready          | !web@node-1:8080/10.0.0.1                                | 'clusterIP': 'None', 'publishNotReadyAddresses': true
            dual stack                                  | web@node-1:8080/10.0.0.1,fd00::1                         | 'ipFamilies': ['IPv4', 'IPv6'], PORT
            dual stack, one pod with one family         | web@node-1:8080/10.0.0.1,fd00::1 web@node-2:8080/10.0.1.1 | 'ipFamilies': ['IPv4', 'IPv6'], PORT
            IPv6 alone                                  | web@node-1:8080/fd00::1                                  | 'ipFamilies': ['IPv6'], PORT
            pods without an address yet                 | web@node-1:8080/                                         | 'ipFamilies': ['IPv4'], PORT
            other pods beside                           | web@node-1:8080/10.0.0.1 mail@node-2:25/10.0.1.1         | 'ipFamilies': ['IPv4'], PORT
            a pod that declares nothing                 | web@node-1:8080/10.0.0.1 web@node-2:0/10.0.1.1           | 'ipFamilies': ['IPv4'], PORT
            session affinity                            | web@node-1:8080/10.0.0.1                                 | 'sessionAffinity': 'ClientIP', PORT
            session affinity of two pods                | web@node-1:8080/10.0.0.1 web@node-2:8080/10.0.1.1        | 'type': 'NodePort', 'sessionAffinity': 'ClientIP', PORT
            session affinity, one pod                   | web@node-1:8080/10.0.0.1                                 | 'type': 'LoadBalancer', 'sessionAffinity': 'ClientIP', PORT
            long connections to pods by name            | web@node-1:8080/10.0.0.1 web@node-2:8080/10.0.1.1        | 'clusterIP': 'None', 'ports': [{'port': 8080, 'appProtocol': 'grpc'}]
            long connections, one pod                   | web@node-1:8080/10.0.0.1 !web@node-2:8080/10.0.1.1       | 'ports': [{'port': 80, 'targetPort': 8080, 'appProtocol': 'grpc'}]
            another protocol                            | web@node-1:8080/10.0.0.1 web@node-2:8080/10.0.1.1        | 'ports': [{'port': 80, 'targetPort': 8080, 'appProtocol': 'http'}]
            an external name with ports                 |                                                          | 'type': 'ExternalName', 'externalName': 'db.example.com', PORT
            an external name to another namespace       |                                                          | 'type': 'ExternalName', 'externalName': 'db.shop.svc.cluster.local'
            """)
    void aHealthyTopologyHasNoFinding(String name, String pods, String spec) {
        assertThat(explain(pods, spec)).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            FW012 | web@node-1:8080/10.0.0.1                          | 'type': 'NodePort', 'externalTrafficPolicy': 'Local', PORT       | its node port gets no answer on node-2: the policy keeps traffic on its node, and no ready pod is there
            FW012 | web@node-1:8080/10.0.0.1 !web@node-2:8080/10.0.1.1 | 'type': 'NodePort', 'externalTrafficPolicy': 'Local', PORT       | its node port gets no answer on node-2: the policy keeps traffic on its node, and no ready pod is there
            FW013 | web@node-2:8080/10.0.0.1                          | 'internalTrafficPolicy': 'Local', PORT                           | pods on node-1 do not reach it: the policy keeps traffic on its node, and no ready pod is there
            FW018 | web@node-1:8080/10.0.0.1 web@node-2:8080/10.0.1.1 | 'clusterIP': 'None', 'sessionAffinity': 'ClientIP'               | it is headless, so nothing keeps a client at its pod: its name leads to all of them
            FW018 | web@node-1:8080/10.0.0.1 web@node-2:8080/10.0.1.1 | 'type': 'LoadBalancer', 'sessionAffinity': 'ClientIP', PORT      | each node remembers clients for itself, by the address that comes from the load balancer: a client that comes over another node may get another pod, and clients behind one address share one
            FW019 | web@node-1:8080/10.0.0.1 web@node-2:8080/10.0.1.1 | 'ports': [{'port': 80, 'targetPort': 8080, 'appProtocol': 'kubernetes.io/h2c'}] | on port 80 a client keeps one connection (kubernetes.io/h2c), and all its requests go to one of the 2 pods
            FW023 | web@node-1:8080/10.0.0.1                          | 'clusterIP': 'None', PORT                                        | it is headless, so port 80 is not translated: its name leads to the pods, which answer on 8080
            FW027 | web@node-1:8080/10.0.0.1 web@node-2:25/10.0.1.1   | PORT                                                             | its selector also chooses pods that do not declare port 8080, so some connections may be refused
            FW029 | web@node-1:8080/10.0.0.1                          | 'ipFamilies': ['IPv4', 'IPv6'], PORT                             | it has an IPv6 address, and none of its pods has one: over IPv6 every connection is refused
            FW024 |                                                   | 'type': 'ExternalName', 'externalName': 'web.default.svc.a.b'    | externalName leads back to the Service itself, so it does not resolve
            """)
    void oneThingWrong(String code, String pods, String spec, String sentence) {
        assertThat(explain(pods, spec)).singleElement().satisfies(finding -> {
            assertThat(finding.code().label()).isEqualTo(code);
            assertThat(finding.sentence()).isEqualTo(sentence);
            assertThat(finding.evidence()).isNotEmpty();
            assertThat(finding.fix()).startsWith("kubectl ");
        });
    }

    @ParameterizedTest(name = "{0} against {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            'http' | 'http' |
            'http' | 'htpp' | its port "http" has no port of that name in its endpoint slices, which have "htpp"
            ''     | 'http' | its port without a name has no port of that name in its endpoint slices, which have "http"
            'http' | ''     | its port "http" has no port of that name in its endpoint slices, which have without a name
            """)
    void endpointsByHandCountForPortsOfTheSameName(String wanted, String there, String sentence) {
        ObjectNode service = service("'ports': [{'name': %s, 'port': 80}]".formatted(wanted));
        ObjectNode slice = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'by-hand', 'labels': {'kubernetes.io/service-name': 'web'}},
                 'addressType': 'IPv4', 'ports': [{'name': %s, 'port': 80}],
                 'endpoints': [{'addresses': ['10.0.0.1']}]}
                """.formatted(there));
        List<Finding> findings =
                new Explainer(new ClusterObjects(List.of(), List.of(), List.of(service), List.of(slice))).explainAll();

        assertThat(findings).extracting(Finding::sentence).isEqualTo(sentence == null ? List.of() : List.of(sentence));
        assertThat(findings).allSatisfy(finding -> assertThat(finding.code()).isEqualTo(Code.SLICE_PORT_NAME_DIFFERS));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            web-1  |                                 |
            gone-1 | endpointslice-controller.k8s.io |
            gone-1 | me                              | FW022 slice by-hand: 10.0.0.1 of pod gone-1
            gone-1 |                                 | FW022 slice by-hand: 10.0.0.1 of pod gone-1
            """)
    void endpointsWithoutAPod(String pod, @Nullable String manager, @Nullable String expected) {
        ObjectNode service = TestCluster.json(
                "{'metadata': {'namespace': 'default', 'name': 'web'}, 'spec': {'ports': [{'port': 80}]}}");
        ObjectNode slice = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'by-hand', 'labels': {
                     'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': '%s'}},
                 'ports': [{'name': '', 'port': 80}],
                 'endpoints': [{'addresses': ['10.0.0.1'], 'targetRef': {'kind': 'Pod', 'name': '%s'}}]}
                """.formatted(manager == null ? "" : manager, pod));
        ObjectNode there = TestCluster.json("{'metadata': {'namespace': 'default', 'name': 'web-1'}}");

        assertThat(new Explainer(new ClusterObjects(List.of(), List.of(there), List.of(service), List.of(slice)))
                        .explainAll())
                .extracting(finding -> finding.code().label() + " " + String.join(", ", finding.evidence()))
                .isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            7.7.7.7 | 443 | TCP | LoadBalancer |
            7.7.7.8 | 80  | TCP | LoadBalancer |
            7.7.7.7 | 80  | UDP | LoadBalancer |
            7.7.7.7 | 80  | TCP | NodePort     |
            7.7.7.7 | 80  | TCP | LoadBalancer | its load balancer's address 7.7.7.7, TCP port 80 is also that of Service shop/web: connections get to one of the two
            """)
    void addressesOfTwo(String address, int port, String protocol, String type, @Nullable String sentence) {
        String form = """
                {'metadata': {'namespace': '%s', 'name': 'web'},
                 'spec': {'type': '%s', 'ports': [{'port': %d, 'protocol': '%s'}]},
                 'status': {'loadBalancer': {'ingress': [{'ip': '%s'}]}}}
                """;
        ObjectNode one = TestCluster.json(form.formatted("default", "LoadBalancer", 80, "TCP", "7.7.7.7"));
        ObjectNode other = TestCluster.json(form.formatted("shop", type, port, protocol, address));

        assertThat(new Explainer(new ClusterObjects(List.of(), List.of(), List.of(one, other), List.of()))
                        .explain(Meta.key(one)))
                .extracting(Finding::sentence)
                .isEqualTo(sentence == null ? List.of() : List.of(sentence));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, web-1 web-2", "0, 30, web-1", "30, 30,"})
    void podsThatAreKilledAtOnce(int first, int second, @Nullable String named) {
        String form = """
                {'metadata': {'namespace': 'default', 'name': 'web-%d', 'labels': {'app': 'web'}},
                 'spec': {'terminationGracePeriodSeconds': %d, 'containers': []},
                 'status': {'conditions': [{'type': 'Ready', 'status': 'True'}]}}
                """;
        List<ObjectNode> pods =
                List.of(TestCluster.json(form.formatted(1, first)), TestCluster.json(form.formatted(2, second)));
        assertThat(new Explainer(new ClusterObjects(List.of(), pods, List.of(service(PORT)), List.of())).explainAll())
                .extracting(finding -> finding.code().label() + " " + String.join(", ", finding.evidence()))
                .isEqualTo(
                        named == null
                                ? List.of()
                                : List.of(
                                        "FW022 terminationGracePeriodSeconds: 0 in pods " + named.replace(" ", ", ")));
    }

    private static List<Finding> explain(String pods, String spec) {
        ClusterObjects nodes = TestCluster.article().objects();
        List<ObjectNode> all = pods == null
                ? List.of()
                : Stream.of(pods.split(" ")).map(TopologyTest::pod).toList();
        return new Explainer(
                        new ClusterObjects(nodes.nodes(), all, List.of(service(spec.replace("PORT", PORT))), List.of()))
                .explainAll();
    }

    private static ObjectNode service(String spec) {
        String selector =
                spec.contains("ExternalName") || spec.contains("'name'") ? "" : "'selector': {'app': 'web'}, ";
        String balancer = spec.contains("LoadBalancer") ? "{'ingress': [{'ip': '192.0.2.1'}]}" : "{}";
        return TestCluster.json(("{'metadata': {'namespace': 'default', 'name': 'web'}, 'spec': {%s%s},"
                        + " 'status': {'loadBalancer': %s}}")
                .formatted(selector, spec, balancer));
    }

    private static ObjectNode pod(String word) {
        boolean ready = !word.startsWith("!");
        String[] parts = word.replace("!", "").split("[@/]|:(?=[0-9]+/)", -1);
        String port = parts[2].equals("0") ? "" : "{'containerPort': " + parts[2] + "}";
        String ips = Stream.of(parts[3].split(","))
                .filter(ip -> !ip.isEmpty())
                .map("{'ip': '%s'}"::formatted)
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        return TestCluster.json(
                """
                {'metadata': {'namespace': 'default', 'name': '%s-%s', 'labels': {'app': '%s'}},
                 'spec': {'nodeName': '%s', 'containers': [{'name': 'c', 'ports': [%s]}]},
                 'status': {'phase': 'Running', 'podIPs': [%s], 'conditions': [{'type': 'Ready', 'status': '%s'}]}}
                """.formatted(parts[0], parts[1], parts[0], parts[1], port, ips, ready ? "True" : "False"));
    }
}
