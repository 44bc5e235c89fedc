package dev.fairway.picture.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.TestCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// A pod `shop/cart` with `app=cart` is told to talk to `http://web.default`, which leads to port 8080 (`http`) of
/// `default/web-1`: a line each, the spec of a NetworkPolicy and what is said of the Service.
class NetworkPolicyCheckTest {

    private static final String NOBODY =
            "FW015 the NetworkPolicies of its pods let nobody in to TCP port 8080: where they are enforced, connections"
                    + " time out; NetworkPolicies of its pods: p";

    private static final String CART =
            "FW015 the NetworkPolicies of its pods do not let pod shop/cart in, which is told"
                    + " to talk to it: where they are enforced, its connections time out; NetworkPolicies of its pods: p;"
                    + " pod shop/cart, container app, env BACKEND: http://web.default";

    private static final String MUTE = "FW016 pod shop/cart is told its name, but where NetworkPolicies are enforced,"
            + " they do not let it ask DNS for it; NetworkPolicies of pod shop/cart with egress: p;"
            + " pod shop/cart, container app, env BACKEND: http://web.default";

    private static final String UDP_ONLY = MUTE.replace(
            "do not let it ask DNS for it",
            "let it ask DNS over UDP only: answers that are long come over TCP port 53");

    private static ObjectNode pod(String namespace, String name, String app, String ip, String spec) {
        return TestCluster.json("""
                {'metadata': {'namespace': '%s', 'name': '%s', 'labels': {'app': '%s'}}, 'spec': {%s},
                 'status': {'phase': 'Running', 'podIPs': [{'ip': '%s'}],
                            'conditions': [{'type': 'Ready', 'status': 'True'}]}}
                """.formatted(namespace, name, app, spec, ip));
    }

    private static List<String> said(String clientSpec, ObjectNode... policies) {
        ObjectNode web = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'web'},
                 'spec': {'clusterIP': '3.3.3.3', 'selector': {'app': 'web'},
                          'ports': [{'port': 80, 'targetPort': 'http'}]}}
                """);
        String cart = "'containers': [{'name': 'app', 'env': [{'name': 'BACKEND', 'value': 'http://web.default'}]}]"
                + clientSpec;
        List<ObjectNode> pods = List.of(
                pod(
                        "default",
                        "web-1",
                        "web",
                        "1.2.1.1",
                        "'containers': [{'name': 'web', 'ports': "
                                + "[{'name': 'http', 'containerPort': 8080},"
                                + " {'name': 'admin', 'containerPort': 9090}]}]"),
                pod("shop", "cart", "cart", "1.2.1.2", cart));
        ClusterObjects objects = new ClusterObjects(List.of(), pods, List.of(web), List.of());
        return new Explainer(objects.withPolicies(List.of(policies)))
                .explainAll().stream()
                        .filter(finding -> finding.code() != Code.PORT_FORWARD_PASSES)
                        .map(finding -> Stream.concat(Stream.of(finding.sentence()), finding.evidence().stream())
                                .reduce(finding.code().label(), (a, b) -> a + (a.length() == 5 ? " " : "; ") + b))
                        .toList();
    }

    private static ObjectNode policy(String namespace, String spec) {
        return TestCluster.json(
                "{'metadata': {'namespace': '%s', 'name': 'p'}, 'spec': {%s}}".formatted(namespace, spec));
    }

    private static List<String> expected(@Nullable String word) {
        return switch (word) {
            case null -> List.of();
            case "nobody" -> List.of(NOBODY);
            case "not cart" -> List.of(CART);
            case "mute" -> List.of(MUTE);
            case "UDP only" -> List.of(UDP_ONLY);
            default -> throw new IllegalArgumentException(word);
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            'podSelector': {}, 'policyTypes': ['Ingress']                                                       | nobody
            'podSelector': {}                                                                                   | nobody
            'podSelector': {'matchLabels': {'app': 'web'}}, 'ingress': []                                       | nobody
            'podSelector': {}, 'ingress': [{'ports': [{'port': 9090}]}]                                         | nobody
            'podSelector': {}, 'ingress': [{'ports': [{'port': 'admin'}]}]                                      | nobody
            'podSelector': {}, 'ingress': [{'ports': [{'protocol': 'UDP', 'port': 8080}]}]                      | nobody
            'podSelector': {}, 'ingress': [{'ports': [{'port': 80}]}]                                           | nobody
            'podSelector': {}, 'ingress': [{'from': [{'podSelector': {}}]}]                                     | not cart
            'podSelector': {}, 'ingress': [{'from': [{'ipBlock': {'cidr': '10.0.0.0/8'}}]}]                     | not cart
            'podSelector': {}, 'ingress': [{'from': [{'ipBlock': {'cidr': '1.2.0.0/16', 'except': ['1.2.1.0/24']}}]}] | not cart
            'podSelector': {}, 'ingress': [{'from': [{'namespaceSelector': {}, 'podSelector': {'matchLabels': {'app': 'x'}}}]}] | not cart
            'podSelector': {}, 'ingress': [{'from': [{'namespaceSelector': {'matchLabels': {'kubernetes.io/metadata.name': 'x'}}}]}] | not cart
            'podSelector': {}, 'ingress': [{'from': [{'namespaceSelector': {'matchLabels': {'kubernetes.io/metadata.name': 'shop'}}}]}] |
            'podSelector': {}, 'ingress': [{'from': [{'namespaceSelector': {'matchLabels': {'team': 'x'}}}]}]   |
            'podSelector': {}, 'ingress': [{'from': [{'ipBlock': {'cidr': '1.2.0.0/16'}}]}]                     |
            'podSelector': {}, 'ingress': [{'from': [{'podSelector': {}}]}, {'from': [{'namespaceSelector': {}}]}] |
            'podSelector': {}, 'ingress': [{}]                                                                  |
            'podSelector': {}, 'ingress': [{'ports': [{'port': 8000, 'endPort': 8999}]}]                        |
            'podSelector': {}, 'ingress': [{'ports': [{'port': 'http'}]}]                                       |
            'podSelector': {}, 'ingress': [{'ports': [{'protocol': 'TCP'}]}]                                    |
            'podSelector': {}, 'policyTypes': ['Egress']                                                        |
            'podSelector': {'matchLabels': {'app': 'other'}}                                                    |
            """)
    void whoMayComeIn(String spec, @Nullable String word) {
        assertThat(said("", policy("default", spec))).isEqualTo(expected(word));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            'policyTypes': ['Egress']                                                                           | mute
            'policyTypes': ['Egress'], 'egress': [{'to': [{'podSelector': {}}]}]                                | mute
            'policyTypes': ['Egress'], 'egress': [{'ports': [{'port': 80}]}]                                    | mute
            'policyTypes': ['Egress'], 'egress': [{'ports': [{'port': 53}]}]                                    | mute
            'policyTypes': ['Egress'], 'egress': [{'to': [{'namespaceSelector': {'matchLabels': {'kubernetes.io/metadata.name': 'default'}}}]}] | mute
            'egress': [{'to': [{'podSelector': {}}]}], 'ingress': [{}]                                          | mute
            'policyTypes': ['Egress'], 'egress': [{'ports': [{'port': 53, 'protocol': 'UDP'}]}]                 | UDP only
            'policyTypes': ['Egress'], 'egress': [{'ports': [{'port': 53, 'protocol': 'UDP'}, {'port': 53, 'protocol': 'TCP'}]}] |
            'policyTypes': ['Egress'], 'egress': [{'to': [{'podSelector': {}}]}, {'to': [{'namespaceSelector': {}}]}] |
            'policyTypes': ['Egress'], 'egress': [{'to': [{'namespaceSelector': {'matchLabels': {'kubernetes.io/metadata.name': 'kube-system'}}}]}] |
            'policyTypes': ['Egress'], 'egress': [{'to': [{'ipBlock': {'cidr': '3.3.0.0/16'}}]}]                |
            'policyTypes': ['Egress'], 'egress': [{}]                                                           |
            'policyTypes': ['Ingress']                                                                          |
            'podSelector': {'matchLabels': {'app': 'web'}}, 'policyTypes': ['Egress']                           |
            """)
    void whoMayAskDns(String spec, @Nullable String word) {
        assertThat(said("", policy("shop", spec))).isEqualTo(expected(word));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            , 'hostNetwork': true, 'dnsPolicy': 'ClusterFirstWithHostNet'
            , 'dnsPolicy': 'None', 'dnsConfig': {'nameservers': ['1.1.1.1'], 'searches': ['x']}
            , 'hostAliases': [{'ip': '3.3.3.3', 'hostnames': ['web.default']}]
            """)
    void whoDoesNotAskTheClustersDns(String spec) {
        assertThat(said(spec, policy("shop", "'policyTypes': ['Egress']"))).isEmpty();
    }

    @Test
    void policiesAddUp() {
        List<ObjectNode> policies = new ArrayList<>(List.of(policy("default", "'podSelector': {}")));
        assertThat(said("", policies.toArray(ObjectNode[]::new))).isEqualTo(List.of(NOBODY));
        policies.add(policy("default", "'podSelector': {}, 'ingress': [{'from': [{'namespaceSelector': {}}]}]"));
        assertThat(said("", policies.toArray(ObjectNode[]::new))).isEmpty();
    }
}
