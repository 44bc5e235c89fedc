package dev.fairway.picture.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.TestCluster;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// A pod `shop/cart` that is told to talk to the Service `default/web`, which leads from port 80 to 8080 of its pod:
/// a line each, what is told and what is said of it.
class ClientChecksTest {

    private static final String BEHIND = """
            {'metadata': {'namespace': 'default', 'name': 'web-1', 'labels': {'app': 'web'}},
             'spec': {'containers': [{'name': 'web', 'ports': [{'name': 'http', 'containerPort': 8080}]}],
                      'hostAliases': [{'ip': '127.0.0.1', 'hostnames': ['web']}]},
             'status': {'phase': 'Running', 'podIPs': [{'ip': '1.2.1.1'}],
                        'conditions': [{'type': 'Ready', 'status': 'True'}]}}
            """;

    private static final String CLUSTER_IP = "'clusterIP': '3.3.3.3', 'clusterIPs': ['3.3.3.3', 'fd00::3']";

    private static List<String> said(String service, String client) {
        ObjectNode web = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'web'}, 'spec': {'selector': {'app': 'web'}, %s}}
                """.formatted(service));
        ObjectNode cart = TestCluster.json("""
                {'metadata': {'namespace': 'shop', 'name': 'cart'}, 'spec': {%s}}
                """.formatted(client));
        return new Explainer(
                        new ClusterObjects(List.of(), List.of(TestCluster.json(BEHIND), cart), List.of(web), List.of()))
                .explainAll().stream()
                        .map(finding -> finding.code().label() + " " + finding.sentence() + "; "
                                + String.join("; ", finding.evidence()))
                        .toList();
    }

    private static void check(String service, String client, @Nullable String expected) {
        assertThat(said(service, client)).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            http://web.default                               |
            http://web.default/path?next=web.default:80      |
            http://web.default:80,http://other:9             |
            http://web                                       |
            http://web.default.example.com:8080              |
            web.default:9999                                 |
            registry/web.default:8080                        |
            http://$(HOST):8080                              |
            http://user:secret@web.default:8080/x            | pod shop/cart is told to dial port 8080, which the Service does not have; it has 80 (8080 is its pods' port)
            jdbc:postgresql://web.default.svc:5432/shop?a=b  | pod shop/cart is told to dial port 5432, which the Service does not have; it has 80
            https://web.default.svc.cluster.local.           | pod shop/cart is told to dial port 443, which the Service does not have; it has 80
            web.default:8080                                 | pod shop/cart is told to dial port 8080, which the Service does not have; it has 80 (8080 is its pods' port)
            a:1,web.default:30080                            | pod shop/cart is told to dial port 30080, which the Service does not have; it has 80 (30080 is its node port, on which nodes answer)
            http://3.3.3.3:8080                              | pod shop/cart is told to dial port 8080, which the Service does not have; it has 80 (8080 is its pods' port)
            http://[fd00::3]:8080                            | pod shop/cart is told to dial port 8080, which the Service does not have; it has 80 (8080 is its pods' port)
            """)
    void aPortInTheEnvironment(String value, @Nullable String sentence) {
        check(
                CLUSTER_IP + ", 'ports': [{'port': 80, 'targetPort': 'http', 'nodePort': 30080}]",
                "'containers': [{'name': 'app', 'env': [{'name': 'BACKEND', 'value': '%s'}]}]".formatted(value),
                sentence == null
                        ? null
                        : "FW008 " + sentence + "; pod shop/cart, container app, env BACKEND: " + word(value));
    }

    private static String word(String value) {
        String last = value.substring(value.indexOf(',') + 1);
        return last.contains("=") ? last.substring(0, last.indexOf('=')) : last;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            'args': ['--backend=http://web.default:80']                            |
            'command': ['sh', '-c', 'nc -z web.default 80 && ping other']          |
            'command': ['ping', '-c', '1', 'web']                                  |
            'command': ['shipping', 'web.default']                                 |
            'args': ['--backend=http://web.default:8080']                          | FW008
            'command': ['sh', '-c', 'until nc -z web.default 8080; do sleep 1; done'] | FW008
            'command': ['ping', '-c', '1', 'web.default']                          | FW009
            'command': ['sh', '-c', 'until ping -c1 web.default >/dev/null; do sleep 1; done'] | FW009
            'command': ['/bin/ping', '3.3.3.3']                                    | FW009
            'command': ['/bin/ping', '4.4.4.4']                                    |
            'readinessProbe': {'exec': {'command': ['ping', '-c1', 'web.default']}} | FW009
            """)
    void aCommand(String container, @Nullable String code) {
        String service = CLUSTER_IP + ", 'ports': [{'port': 80, 'targetPort': 8080}], 'externalIPs': ['4.4.4.4']";
        for (String list : List.of("containers", "initContainers")) {
            List<String> said = said(service, "'%s': [{'name': 'app', %s}]".formatted(list, container));
            assertThat(said.stream().map(text -> text.substring(0, 5)))
                    .isEqualTo(code == null ? List.of() : List.of(code));
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            3.3.3.3 | web.default                       | 'clusterIP': '3.3.3.3' |
            fd00::3 | web.default                       | 'clusterIP': '3.3.3.3', 'clusterIPs': ['3.3.3.3', 'fd00:0:0::3'] |
            1.2.1.1 | web.default.svc                   | 'clusterIP': 'None'    |
            9.9.9.9 | web                               | 'clusterIP': '3.3.3.3' |
            9.9.9.9 | web.default.example.com           | 'clusterIP': '3.3.3.3' |
            9.9.9.9 | web.default                       | 'clusterIP': '3.3.3.3' | FW033
            9.9.9.9 | web.default.svc.cluster.local     | 'clusterIP': '3.3.3.3' | FW033
            9.9.9.9 | web.default                       | 'clusterIP': 'None'    | FW033
            """)
    void anAliasOfTheName(String address, String host, String service, @Nullable String code) {
        check(
                service,
                """
                'hostAliases': [{'ip': '%s', 'hostnames': ['a', '%s']}],
                'containers': [{'name': 'app', 'env': [{'name': 'BACKEND', 'value': 'http://%s:8080'}]}]
                """.formatted(address, host, host),
                code == null
                        ? null
                        : code + " some pods do not ask DNS for its name: their hostAliases give it an address that is"
                                + " not the Service's; pod shop/cart, hostAliases: " + address + " " + host);
    }
}
