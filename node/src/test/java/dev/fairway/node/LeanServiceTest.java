package dev.fairway.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.resolve.ClusterView;
import dev.fairway.resolve.MappedRanges;
import dev.fairway.resolve.NodeView;
import dev.fairway.resolve.Resolution;
import dev.fairway.resolve.Resolver;
import dev.fairway.resolve.Slice;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Programmed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class LeanServiceTest {

    private static final Resolver RESOLVER =
            new Resolver(new NodeView("node-1", "zone-a"), new MappedRanges(List.of(Cidr.parse("10.97.0.0/24"))));

    private static final String USUAL = """
            {'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'namespace': 'default', 'name': 'web', 'uid': 'u-1',
              'resourceVersion': '7', 'creationTimestamp': '2026-11-27T00:00:00Z', 'labels': {'app': 'web'},
              'annotations': {'kubectl.kubernetes.io/last-applied-configuration': '{}'}},
             'spec': {'type': 'ClusterIP', 'clusterIP': '10.96.0.5', 'clusterIPs': ['10.96.0.5'],
              'selector': {'app': 'web'}, 'ipFamilies': ['IPv4'], 'ipFamilyPolicy': 'SingleStack',
              'internalTrafficPolicy': 'Cluster', 'sessionAffinity': 'None',
              'ports': [{'name': 'http', 'port': 80, 'protocol': 'TCP', 'targetPort': 'web', 'appProtocol': 'http'}]},
             'status': {'loadBalancer': {}, 'conditions': [{'type': 'fairway.dev/programmed', 'status': 'True',
              'reason': 'InKernel', 'message': 'on 3 nodes'}]}}""";

    private static ObjectNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    /// What makes a Service another one for nodes, one by one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'metadata': {'labels': {'service.kubernetes.io/service-proxy-name': 'other'}}}",
                "{'metadata': {'annotations': {'fairway.dev/balancing': 'round-robin'}}}",
                "{'metadata': {'annotations': {'fairway.dev/drain-seconds': '9'}}}",
                "{'metadata': {'annotations': {'fairway.dev/programmed': 'hidden'}}}",
                "{'metadata': {'deletionTimestamp': '2026-11-27T00:00:00Z'}}",
                "{'spec': {'clusterIP': 'None', 'clusterIPs': ['None']}}",
                "{'spec': {'clusterIP': 'None', 'clusterIPs': ['None'], 'publishNotReadyAddresses': true}}",
                "{'spec': {'clusterIPs': ['10.96.0.5', 'fd00:10:96::5']}}",
                """
                {'spec': {'sessionAffinity': 'ClientIP',
                  'sessionAffinityConfig': {'clientIP': {'timeoutSeconds': 60}}}}""",
                "{'spec': {'internalTrafficPolicy': 'Local'}}",
                "{'spec': {'externalIPs': ['192.0.2.7']}}",
                "{'spec': {'ports': [{'name': 'dns', 'port': 53, 'protocol': 'UDP'}]}}",
                "{'spec': {'type': 'NodePort', 'ports': [{'name': 'http', 'port': 80, 'nodePort': 30080}]}}",
                """
                {'spec': {'type': 'LoadBalancer', 'externalTrafficPolicy': 'Local', 'healthCheckNodePort': 31000,
                  'loadBalancerSourceRanges': ['198.51.100.0/24']},
                 'status': {'loadBalancer': {'ingress': [{'ip': '203.0.113.1'}]}, 'conditions': null}}""",
                """
                {'spec': {'type': 'ExternalName', 'externalName': 'example.com', 'clusterIP': null, 'clusterIPs': null,
                  'ports': [{'port': 80, 'targetPort': 8080}]}}"""
            })
    void meansTheSameToANode(String change) {
        ObjectNode whole = json(USUAL);
        merge(whole, json(change));

        ObjectNode lean = LeanService.of(whole);

        assertThat(resolved(lean).table()).isEqualTo(resolved(whole).table());
        assertThat(resolved(lean).problems()).isEqualTo(resolved(whole).problems());
        assertThat(Programmed.isAwaited(lean)).isEqualTo(Programmed.isAwaited(whole));
        assertThat(Meta.uid(lean)).isEqualTo("u-1");
        assertThat(Meta.resourceVersion(lean)).isEqualTo("7");
        assertThat(LeanService.of(lean)).isEqualTo(lean);
    }

    @Test
    void ofMostItIsAThird() {
        ObjectNode whole = json(USUAL);
        assertThat(LeanService.of(whole)).hasToString(json("""
                {'metadata': {'namespace': 'default', 'name': 'web', 'uid': 'u-1', 'resourceVersion': '7'},
                 'spec': {'type': 'ClusterIP', 'clusterIP': '10.96.0.5', 'ports': [{'name': 'http', 'port': 80}]},
                 'status': {'conditions': [{'type': 'fairway.dev/programmed', 'status': 'True'}]}}""").toString());
        assertThat(whole).as("the whole stays as it is").isEqualTo(json(USUAL));
    }

    private static void merge(ObjectNode into, ObjectNode change) {
        change.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode deeper && into.get(field.getKey()) instanceof ObjectNode there) {
                merge(there, deeper);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    private static Resolution resolved(ObjectNode service) {
        ObjectNode slice = json("""
                {'metadata': {'namespace': 'default', 'name': 'w-1', 'labels': {'kubernetes.io/service-name': 'web'}},
                 'addressType': 'IPv4', 'ports': [{'name': 'http', 'port': 8080, 'protocol': 'TCP'}],
                 'endpoints': [{'addresses': ['10.244.1.2'], 'nodeName': 'node-1', 'conditions': {'ready': true}},
                               {'addresses': ['10.244.2.2'], 'conditions': {'ready': false}}]}""");
        ClusterView view = new ClusterView(
                Map.of(Meta.key(service), service),
                Map.of(Meta.key(slice), Slice.of(slice)),
                Map.of(new ObjectKey("", "default"), Json.object()));
        return RESOLVER.resolveAll(view, Map.of(), Resolution.EMPTY);
    }
}
