package dev.fairway.resolve;

import static dev.fairway.resolve.Cluster.entry;
import static dev.fairway.resolve.Cluster.problems;
import static dev.fairway.resolve.Cluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Tree;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.PortEntry;
import dev.fairway.table.SessionAffinity;
import dev.fairway.table.TrafficPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverTest {

    private static final String HTTP = "'ports': [{'name': 'http', 'protocol': 'TCP', 'port': 80, 'nodePort': 30080}]";

    private final Cluster cluster = new Cluster();

    @Test
    void aClusterIpLeadsToItsReadyEndpoints() {
        cluster.service("web", "'clusterIP': '10.96.0.5', " + HTTP)
                .slice("web-b", "web", "10.244.2.1 node-2", "!10.244.2.2 node-2")
                .slice("web-a", "web", "10.244.1.1 node-1");

        assertThat(text(entry(cluster.resolve(), "web"))).isEqualTo("""
                [10.96.0.5]
                http/tcp 10.96.0.5:80 -> 10.244.1.1:8080* 10.244.2.1:8080""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"10.244.1.1": 3}                  | 3 1 |
            {"10.244.2.1": 0, "10.9.9.9": 7}   | 1 0 |
            {"10.244.1.1": 101}                | 1 1 | says "10.244.1.1": 101, which is not used
            {"10.244.1.1": "2"}                | 1 1 | says "10.244.1.1": "2", which is not used
            {"web-1": 2, "10.244.1.1": 2}      | 2 1 | says "web-1": 2, which is not used
            three                              | 1 1 | says three, which is not used
            """)
    void slicesSayWhatTheirEndpointsWeigh(String annotation, String weights, String problem) {
        cluster.service("web", "'clusterIP': '10.96.0.5', " + HTTP)
                .slice("web-a", "web", "10.244.1.1 node-1", "10.244.2.1 node-2");
        cluster.slices
                .values()
                .forEach(slice ->
                        Tree.makeObject(slice, "metadata", "annotations").put("fairway.dev/weights", annotation));

        Resolution resolution = cluster.resolve();
        assertThat(entry(resolution, "web").ports().getFirst().backends())
                .extracting(Backend::weight)
                .map(String::valueOf)
                .isEqualTo(List.of(weights.split(" ")));
        if (problem == null) {
            assertThat(problems(resolution, "web")).isEmpty();
        } else {
            assertThat(problems(resolution, "web")).singleElement().asString().contains("default/web-a", problem);
        }
    }

    @Test
    void endpointsThatEndAndThoseThatAreNotReadyAreToldApart() {
        cluster.service(
                        "web",
                        "'clusterIP': '10.96.0.5', " + HTTP,
                        "'metadata': {'annotations': {'fairway.dev/drain-seconds': '5'}}")
                .slice("web-a", "web", "IPv4", "{'name': 'http', 'port': 8080}", """
                        {'addresses': ['10.0.0.1'], 'conditions': {'ready': true}},
                        {'addresses': ['10.0.0.2'], 'conditions': {'ready': false, 'serving': false}},
                        {'addresses': ['10.0.0.3'],
                         'conditions': {'ready': false, 'serving': true, 'terminating': true}},
                        {'addresses': ['10.0.0.4'],
                         'conditions': {'ready': false, 'serving': false, 'terminating': true}}""");

        PortEntry port = entry(cluster.resolve(), "web").ports().getFirst();
        assertThat(port.backends()).asString().isEqualTo("[10.0.0.1:8080]");
        assertThat(port.serving()).asString().isEqualTo("[10.0.0.1:8080, 10.0.0.3:8080]");
        assertThat(port.terminating()).asString().isEqualTo("[10.0.0.3:8080, 10.0.0.4:8080]");
        assertThat(port.unready()).asString().isEqualTo("[10.0.0.2:8080]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            30      | OptionalInt[30]    |
            0       | OptionalInt[0]     |
            soon    | OptionalInt.empty  | "soon" is no number of seconds
            -1      | OptionalInt.empty  | "-1" is no number of seconds
            """)
    void aServiceSaysHowLongItsConnectionsMayStay(String asked, String drainSeconds, String problem) {
        cluster.service(
                "web",
                "'clusterIP': '10.96.0.5', " + HTTP,
                "'metadata': {'annotations': {'fairway.dev/drain-seconds': '%s'}}".formatted(asked));
        Resolution resolution = cluster.resolve();
        assertThat(entry(resolution, "web").drainSeconds()).asString().isEqualTo(drainSeconds);
        assertThat(problems(resolution, "web")).hasSize(problem == null ? 0 : 1);
    }

    @Test
    void everyKindOfFrontendIsNamed() {
        cluster.service(
                "web",
                "'type': 'LoadBalancer', 'clusterIPs': ['10.96.0.5', 'fd00:10:96::5'],"
                        + "'externalIPs': ['192.0.2.7'], " + HTTP,
                "'status': {'loadBalancer': {'ingress': [{'ip': '203.0.113.1', 'ipMode': 'VIP'},"
                        + "{'ip': '203.0.113.2', 'ipMode': 'Proxy'}, {'hostname': 'lb.example.com'}]}}");

        assertThat(text(entry(cluster.resolve(), "web"))).isEqualTo("""
                [10.96.0.5, fd00:10:96::5]
                http/tcp 10.96.0.5:80 [fd00:10:96::5]:80 nodeIPv4:30080 nodeIPv6:30080 lb 203.0.113.1:80 ext \
                192.0.2.7:80 -> \
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ClusterIP    | http/tcp 10.96.0.5:80 ->
            NodePort     | http/tcp 10.96.0.5:80 nodeIPv4:30080 ->
            LoadBalancer | http/tcp 10.96.0.5:80 nodeIPv4:30080 lb 203.0.113.1:80 ->
            """)
    void theTypeOpensFrontends(String type, String line) {
        cluster.service(
                "web",
                "'type': '%s', 'clusterIP': '10.96.0.5', ".formatted(type) + HTTP,
                "'status': {'loadBalancer': {'ingress': [{'ip': '203.0.113.1'}, {'ip': '2001:db8:203::1'}]}}");

        assertThat(text(entry(cluster.resolve(), "web"))
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow()
                        .strip())
                .isEqualTo(line);
    }

    @Test
    void eachFamilyIsDecidedOnItsOwn() {
        cluster.service("web", "'clusterIPs': ['10.96.0.5', 'fd00:10:96::5'], " + HTTP)
                .slice("web-4", "web", "10.244.1.1 node-1")
                .slice("web-6", "web", "IPv6", "{'name': 'http', 'port': 8080}", """
                        {'addresses': ['fd00::1'], 'conditions': {'ready': false, 'serving': true,
                         'terminating': true}}""");

        assertThat(text(entry(cluster.resolve(), "web"))).endsWith("-> 10.244.1.1:8080* [fd00::1]:8080");
    }

    @Test
    void portsAreMatchedByNameAndProtocolInEachSlice() {
        cluster.service("dns", """
                        'clusterIP': '10.96.0.10',
                        'ports': [{'name': 'dns', 'protocol': 'UDP', 'port': 53},
                                  {'name': 'dns-tcp', 'protocol': 'TCP', 'port': 53}]""")
                .slice(
                        "a",
                        "dns",
                        "IPv4",
                        "{'name': 'dns', 'protocol': 'UDP', 'port': 5353}, {'name': 'dns-tcp',"
                                + "'protocol': 'TCP', 'port': 5354}",
                        "{'addresses': ['10.244.1.1']}")
                .slice(
                        "b",
                        "dns",
                        "IPv4",
                        "{'name': 'dns', 'protocol': 'TCP', 'port': 1}, {'name': 'dns-tcp'}",
                        "{'addresses': ['10.244.1.2']}");

        assertThat(text(entry(cluster.resolve(), "dns"))).isEqualTo("""
                [10.96.0.10]
                dns/udp 10.96.0.10:53 -> 10.244.1.1:5353
                dns-tcp/tcp 10.96.0.10:53 -> 10.244.1.1:5354""");
    }

    @Test
    void oneEndpointInTwoSlicesIsOneAndReadyWins() {
        cluster.service("web", "'clusterIP': '10.96.0.5', " + HTTP)
                .slice("web-a", "web", "!10.244.1.1 node-1")
                .slice("web-b", "web", "10.244.1.1 node-1");

        assertThat(text(entry(cluster.resolve(), "web"))).endsWith("-> 10.244.1.1:8080*");
    }

    @Test
    void slicesOfOtherNamespacesAndTypesDoNotCount() {
        cluster.service("web", "'clusterIP': '10.96.0.5', " + HTTP)
                .slice("names", "web", "FQDN", "{'name': 'http', 'port': 1}", "{'addresses': ['a.example']}");
        cluster.slices.put(
                new dev.fairway.schema.ObjectKey("other", "web-a"),
                cluster.slice("x", "web", "10.244.9.9")
                        .slices
                        .remove(new dev.fairway.schema.ObjectKey("default", "x")));

        assertThat(text(entry(cluster.resolve(), "web"))).endsWith("-> ");
    }

    @Test
    void anUnreadableEndpointIsLeftOutAndReported() {
        cluster.service("web", "'clusterIP': '10.96.0.5', " + HTTP).slice("web-a", "web", "fe80::1", "10.244.1.1");

        assertThat(text(entry(cluster.resolve(), "web"))).endsWith("-> 10.244.1.1:8080");
        assertThat(problems(cluster.resolve(), "web"))
                .containsExactly("endpoint slice default/web-a lists \"fe80::1\", which is no IPv4 address; "
                        + "this endpoint is not used");
    }

    @Test
    void aHeadlessServiceNamesItsReadyEndpoints() {
        cluster.service("db", "'clusterIP': 'None', 'ports': [{'name': 'sql', 'port': 5432}]")
                .slice("db-a", "db", "IPv4", "{'name': 'sql', 'port': 5433}", """
                        {'addresses': ['10.244.1.2'], 'hostname': 'db-1'},
                        {'addresses': ['10.244.1.1'], 'hostname': 'db-0', 'conditions': {'ready': true}},
                        {'addresses': ['10.244.1.3'], 'conditions': {'ready': false, 'serving': true}}""")
                .slice("db-b", "db", "IPv6", "{'name': 'sql', 'port': 5433}", "{'addresses': ['fd00::1']}");

        assertThat(text(entry(cluster.resolve(), "db"))).isEqualTo("""
                headless db-0=10.244.1.1:sql/5433 db-1=10.244.1.2:sql/5433 =fd00::1:sql/5433 (not forwarded)
                sql/tcp  -> \
                """);
    }

    @Test
    void publishNotReadyAddressesNamesAllEndpoints() {
        cluster.service("db", "'clusterIP': 'None', 'publishNotReadyAddresses': true")
                .slice("db-a", "db", "!10.244.1.1");

        assertThat(text(entry(cluster.resolve(), "db"))).isEqualTo("headless =10.244.1.1:http/8080 (not forwarded)");
    }

    @Test
    void anotherProxysServiceIsNamedButNotForwarded() {
        cluster.service(
                "web",
                "'clusterIP': '10.96.0.5'",
                "'metadata': {'labels': {'service.kubernetes.io/service-proxy-name': 'mesh'}}");

        assertThat(text(entry(cluster.resolve(), "web"))).isEqualTo("[10.96.0.5] (not forwarded)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'sessionAffinity': 'None'                                                                   | 0
            'sessionAffinity': 'ClientIP'                                                               | 10800
            'sessionAffinity': 'ClientIP', 'sessionAffinityConfig': {'clientIP': {'timeoutSeconds': 9}} | 9
            """, quoteCharacter = '`')
    void readsAffinity(String spec, int seconds) {
        cluster.service("web", spec);

        assertThat(entry(cluster.resolve(), "web").affinity()).isEqualTo(SessionAffinity.ofPort(seconds));
    }

    @ParameterizedTest
    @CsvSource({"port, false, 0", "service, true, 0", "node, false, 1"})
    void readsHowFarAffinityReaches(String annotation, boolean acrossPorts, int problems) {
        cluster.service(
                "web",
                "'sessionAffinity': 'ClientIP'",
                "'metadata': {'annotations': {'fairway.dev/affinity-scope': '%s'}}".formatted(annotation));

        assertThat(entry(cluster.resolve(), "web").affinity()).isEqualTo(new SessionAffinity(10800, acrossPorts));
        assertThat(problems(cluster.resolve(), "web")).hasSize(problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'type': 'ClusterIP'                                                                        | CLUSTER CLUSTER [] 0
            'internalTrafficPolicy': 'Local'                                                           | LOCAL CLUSTER [] 0
            'type': 'NodePort', 'externalTrafficPolicy': 'Local', 'healthCheckNodePort': 31000         | CLUSTER LOCAL [] 0
            'type': 'LoadBalancer', 'externalTrafficPolicy': 'Local', 'healthCheckNodePort': 31000     | CLUSTER LOCAL [] 31000
            'type': 'LoadBalancer', 'externalTrafficPolicy': 'Cluster', 'healthCheckNodePort': 31000   | CLUSTER CLUSTER [] 0
            'type': 'LoadBalancer', 'loadBalancerSourceRanges': ['10.0.0.0/8', ' 2001:db8::/32 ', 'x'] | CLUSTER CLUSTER [10.0.0.0/8, 2001:db8::/32] 0
            'type': 'NodePort', 'loadBalancerSourceRanges': ['10.0.0.0/8']                             | CLUSTER CLUSTER [] 0
            """)
    void readsTrafficPolicies(String spec, String expected) {
        cluster.service("web", spec);

        TrafficPolicy traffic = entry(cluster.resolve(), "web").traffic();
        assertThat(traffic.internal() + " " + traffic.external() + " " + traffic.sourceRanges() + " "
                        + traffic.healthCheckNodePort())
                .isEqualTo(expected);
    }

    @Test
    void whatServesAndWhatIsHereIsToldApart() {
        cluster.service("web", "'clusterIP': '10.96.0.5', " + HTTP)
                .slice("web", "web", "IPv4", "{'name': 'http', 'port': 8080}", """
                        {'addresses': ['10.244.1.1'], 'nodeName': 'node-1',
                         'conditions': {'ready': false, 'serving': true, 'terminating': true}},
                        {'addresses': ['10.244.1.2'], 'nodeName': 'node-1',
                         'conditions': {'ready': false, 'serving': false, 'terminating': true}},
                        {'addresses': ['10.244.2.1'], 'nodeName': 'node-2', 'conditions': {'ready': true}}""");

        PortEntry port = entry(cluster.resolve(), "web").ports().getFirst();
        assertThat(port.backends()).hasToString("[10.244.2.1:8080]");
        assertThat(port.local().backends()).hasToString("[10.244.1.1:8080]");
        assertThat(port.local().ready()).isEmpty();
        assertThat(port.serving()).hasToString("[10.244.1.1:8080, 10.244.2.1:8080]");
    }

    @ParameterizedTest
    @CsvSource({"random, RANDOM, 0", "round-robin, ROUND_ROBIN, 0", "fastest, RANDOM, 1"})
    void readsBalancing(String annotation, Balancing balancing, int problems) {
        cluster.service(
                "web", "", "'metadata': {'annotations': {'fairway.dev/balancing': '%s'}}".formatted(annotation));

        assertThat(entry(cluster.resolve(), "web").balancing()).isEqualTo(balancing);
        assertThat(problems(cluster.resolve(), "web")).hasSize(problems);
    }

    @Test
    void aServiceWithoutAddressYetHasANameAndNothingElse() {
        cluster.service("web", HTTP);

        assertThat(text(entry(cluster.resolve(), "web"))).isEqualTo("[]\nhttp/tcp  -> ");
    }
}
