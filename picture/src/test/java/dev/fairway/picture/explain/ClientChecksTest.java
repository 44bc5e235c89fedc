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

    @ParameterizedTest(name = "{1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            http://localhost:30080              |                                             | FW014 pod shop/cart is told to dial its node port 30080 on localhost, which in a pod is the pod itself: node ports answer on nodes' addresses
            http://[::1]:30080                  |                                             | FW014 pod shop/cart is told to dial its node port 30080 on ::1, which in a pod is the pod itself: node ports answer on nodes' addresses
            http://localhost:30081              |                                             |
            http://4.4.4.1:30080                |                                             |
            http://localhost:30080              | 'hostNetwork': true                         |
            http://web.default                  | 'dnsPolicy': 'ClusterFirst'                 |
            http://web.default                  | 'dnsPolicy': 'Default'                      | FW025 pod shop/cart is told its name, but with dnsPolicy Default it asks its node's DNS servers, which need not know Services
            http://3.3.3.3                      | 'dnsPolicy': 'Default'                      |
            http://web.default                  | 'dnsPolicy': 'Default', 'dnsConfig': {'nameservers': ['3.3.3.10']} |
            http://web.default                  | 'hostNetwork': true                         | FW025 pod shop/cart is told its name, but on the host's network it asks the node's DNS servers, which need not know Services: that takes dnsPolicy ClusterFirstWithHostNet
            http://web.default                  | 'hostNetwork': true, 'dnsPolicy': 'ClusterFirstWithHostNet' |
            http://web.default                  | 'dnsPolicy': 'None', 'dnsConfig': {'nameservers': ['3.3.3.10']} | FW025 pod shop/cart is told its name, but with dnsPolicy None and without searches only the whole name is found
            http://web.default.svc.cluster.local | 'dnsPolicy': 'None', 'dnsConfig': {'nameservers': ['3.3.3.10']} |
            http://web.default                  | 'dnsPolicy': 'None', 'dnsConfig': {'nameservers': ['3.3.3.10'], 'searches': ['svc.cluster.local']} |
            """)
    void whereItLooks(String value, @Nullable String pod, @Nullable String expected) {
        String client = (pod == null ? "" : pod + ", ")
                + "'containers': [{'name': 'app', 'env': [{'name': 'BACKEND', 'value': '%s'}]}]".formatted(value);
        String ports = "'ports': [{'port': 80, 'targetPort': 8080, 'nodePort': 30080}]";
        check(
                "'type': 'NodePort', " + CLUSTER_IP + ", " + ports,
                client,
                expected == null ? null : expected + "; pod shop/cart, container app, env BACKEND: " + value);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            http://7.7.7.7     | ['1.2.0.0/16']              |
            http://7.7.7.7     | []                          |
            http://7.7.7.7     | ['fd00::/8']                |
            http://web.default | ['9.0.0.0/8']               |
            http://7.7.7.7     | ['9.0.0.0/8', 'fd00::/8']   | FW031
            """)
    void aSourceThatIsLeftOut(String value, String ranges, @Nullable String code) {
        ObjectNode web = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'web'},
                 'spec': {'type': 'LoadBalancer', 'ports': [{'port': 80}], 'loadBalancerSourceRanges': %s},
                 'status': {'loadBalancer': {'ingress': [{'ip': '7.7.7.7'}]}}}
                """.formatted(ranges));
        ObjectNode cart = TestCluster.json("""
                {'metadata': {'namespace': 'shop', 'name': 'cart'},
                 'spec': {'containers': [{'name': 'app', 'env': [{'name': 'BACKEND', 'value': '%s'}]}]},
                 'status': {'podIP': '1.2.3.4', 'podIPs': [{'ip': '1.2.3.4'}]}}
                """.formatted(value));
        assertThat(new Explainer(new ClusterObjects(List.of(), List.of(cart), List.of(web), List.of())).explainAll())
                .extracting(finding -> finding.code().label())
                .isEqualTo(code == null ? List.of() : List.of(code));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            None    | http://web.default:8080 | -Xmx1g -Dsun.net.inetaddr.ttl=-1 | FW034
            None    | http://web.default:8080 | -Dsun.net.inetaddr.ttl=30        |
            None    | http://1.2.1.1:8080     | -Dsun.net.inetaddr.ttl=-1        |
            3.3.3.3 | http://web.default      | -Dsun.net.inetaddr.ttl=-1        |
            """)
    void aNameKeptForGood(String clusterIp, String url, String flags, @Nullable String code) {
        List<String> said = said(
                "'clusterIP': '%s', 'ports': [{'port': %d}]".formatted(clusterIp, url.endsWith("8080") ? 8080 : 80),
                """
                'containers': [{'name': 'app', 'args': ['%s'], 'env': [{'name': 'JAVA_TOOL_OPTIONS', 'value': '%s'}]}]
                """.formatted(url, flags));
        assertThat(said.stream().map(text -> text.substring(0, 5)).filter(label -> !label.equals("FW003")))
                .isEqualTo(code == null ? List.of() : List.of(code));
    }
}
