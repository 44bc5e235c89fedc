package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What a Service gets, keeps and gives back.
class ServiceAllocationTest {

    private static final String WEB = "'ports':[{'port':80}]";

    private Rig rig = new Rig(ServiceRanges.USUAL);

    @AfterEach
    void close() {
        rig.close();
    }

    private void cluster(String ranges, String ports) {
        rig.close();
        List<Cidr> blocks = List.of(ranges.split(" ")).stream().map(Cidr::parse).toList();
        String[] ends = ports.split("-");
        rig = new Rig(new ServiceRanges(blocks, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]), Map.of()));
    }

    private static String spec(ObjectNode service, String field) {
        return Json.toText(Tree.at(service, "spec", field)).replace("\"", "");
    }

    private static long nodePort(ObjectNode service, int index) {
        return ServiceFields.nodePort(ServiceFields.ports(service).get(index));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # cluster | given                                                    | policy           | families    | addresses
            4         |                                                          | SingleStack      | [IPv4]      | 4
            4         | 'ipFamilyPolicy':'PreferDualStack'                       | PreferDualStack  | [IPv4]      | 4
            4         | 'clusterIP':'None','selector':{'a':'b'}                  | SingleStack      | [IPv4]      | None
            4         | 'clusterIP':'None'                                       | RequireDualStack | [IPv4,IPv6] | None
            4         | 'clusterIP':'None','ipFamilyPolicy':'SingleStack'        | SingleStack      | [IPv4]      | None
            6         |                                                          | SingleStack      | [IPv6]      | 6
            6         | 'ipFamilies':['IPv6']                                    | SingleStack      | [IPv6]      | 6
            46        |                                                          | SingleStack      | [IPv4]      | 4
            46        | 'ipFamilies':['IPv6']                                    | SingleStack      | [IPv6]      | 6
            46        | 'ipFamilyPolicy':'PreferDualStack'                       | PreferDualStack  | [IPv4,IPv6] | 46
            46        | 'ipFamilyPolicy':'RequireDualStack'                      | RequireDualStack | [IPv4,IPv6] | 46
            46        | 'ipFamilyPolicy':'PreferDualStack','ipFamilies':['IPv6'] | PreferDualStack  | [IPv6,IPv4] | 64
            46        | 'clusterIP':'fd00::7'                                    | SingleStack      | [IPv6]      | 6
            46        | 'clusterIP':'fd00::7','ipFamilyPolicy':'PreferDualStack' | PreferDualStack  | [IPv6,IPv4] | 64
            46        | 'clusterIP':'None','selector':{'a':'b'}                  | SingleStack      | [IPv4]      | None
            46        | 'clusterIP':'None','selector':{'a':'b'},'ipFamilyPolicy':'RequireDualStack' | RequireDualStack | [IPv4,IPv6] | None
            64        |                                                          | SingleStack      | [IPv6]      | 6
            64        | 'ipFamilyPolicy':'PreferDualStack'                       | PreferDualStack  | [IPv6,IPv4] | 64
            """)
    void familiesOfNewServices(
            String cluster,
            @org.jspecify.annotations.Nullable String given,
            String policy,
            String families,
            String addresses) {
        cluster(ranges(cluster), "30000-30100");
        ObjectNode made = rig.service("web", given == null ? "{" + WEB + "}" : "{" + WEB + "," + given + "}");
        assertThat(spec(made, "ipFamilyPolicy")).isEqualTo(policy);
        assertThat(spec(made, "ipFamilies")).isEqualTo(families);
        StringBuilder kinds = new StringBuilder();
        for (String address : ServiceFields.clusterIps(made)) {
            kinds.append(address.equals("None") ? "None" : address.contains(":") ? "6" : "4");
        }
        assertThat(kinds).hasToString(addresses);
        assertThat(Tree.text(made, "spec", "clusterIP"))
                .isEqualTo(ServiceFields.clusterIps(made).getFirst());
        int held = addresses.equals("None") ? 0 : addresses.length();
        assertThat(rig.allocations()).hasSize(held);
    }

    private static String ranges(String cluster) {
        return cluster.replace("4", "10.0.0.0/24 ").replace("6", "fd00::/112 ").strip();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'ipFamilyPolicy':'RequireDualStack'                              | spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services
            'ipFamilies':['IPv6']                                            | spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster
            'ipFamilies':['IPv4','IPv6'],'ipFamilyPolicy':'PreferDualStack'  | spec.ipFamilies[1]: Invalid value: "IPv6": not configured on this cluster
            'clusterIP':'fd00::7'                                            | spec.clusterIPs[0]: Invalid value: ["fd00::7"]: may not use IPv6 on a cluster which is not configured for it
            """)
    void whatASingleStackClusterCannotGive(String given, String expected) {
        cluster("10.0.0.0/24", "30000-30100");
        assertThat(Rig.refusal(() -> rig.service("web", "{" + WEB + "," + given + "}")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/28, 14",
        "10.0.0.0/24, 254",
        "fd00::/124, 15",
    })
    void everyUsableAddressIsGivenOnceThenTheRangeIsFull(String range, int usable) {
        cluster(range, "30000-30100");
        Set<String> given = new HashSet<>();
        for (int i = 0; i < usable; i++) {
            given.add(spec(rig.service("s" + i, "{" + WEB + "}"), "clusterIP"));
        }
        assertThat(given).hasSize(usable).doesNotContain("10.0.0.0", "10.0.0.255", "fd00::");
        assertThat(Rig.refusal(() -> rig.service("more", "{" + WEB + "}")))
                .isEqualTo("Internal error occurred: failed to allocate a serviceIP: range is full");
        rig.delete(Resource.SERVICES, "s3");
        assertThat(given).contains(spec(rig.service("again", "{" + WEB + "}"), "clusterIP"));
    }

    @ParameterizedTest
    @CsvSource({"16,0", "17,16", "256,16", "1024,64", "4096,256", "65536,256"})
    void theStaticBandOfAddresses(long size, long reserved) {
        assertThat(Band.ofAddresses(size).reserved()).isEqualTo(reserved);
    }

    @ParameterizedTest
    @CsvSource({"16,0", "17,16", "512,16", "1024,32", "2768,86", "4096,128", "60000,128"})
    void theStaticBandOfPorts(long size, long reserved) {
        assertThat(Band.ofPorts(size).reserved()).isEqualTo(reserved);
    }

    @Test
    void searchedNumbersComeFromAboveTheStaticBandWhileAnyIsLeft() {
        cluster("10.0.0.0/27", "30000-30019");
        for (int i = 0; i < 14; i++) {
            String address = spec(rig.service("s" + i, "{" + WEB + "}"), "clusterIP");
            assertThat(IpAddress.parse(address)).isGreaterThan(IpAddress.parse("10.0.0.16"));
        }
        assertThat(IpAddress.parse(spec(rig.service("low", "{" + WEB + "}"), "clusterIP")))
                .isLessThanOrEqualTo(IpAddress.parse("10.0.0.16"));
        for (int i = 0; i < 4; i++) {
            assertThat(nodePort(rig.service("n" + i, "{'type':'NodePort'," + WEB + "}"), 0))
                    .isBetween(30_016L, 30_019L);
        }
        assertThat(nodePort(rig.service("nlow", "{'type':'NodePort'," + WEB + "}"), 0))
                .isBetween(30_000L, 30_015L);
    }

    @Test
    void aTakenAddressOrPortIsRefusedByName() {
        rig.service("a", "{'type':'NodePort','clusterIP':'10.96.0.5','ports':[{'port':80,'nodePort':30007}]}");
        assertThat(Rig.refusal(() -> rig.service("b", "{'clusterIP':'10.96.0.5'," + WEB + "}")))
                .isEqualTo("spec.clusterIPs: Invalid value: [\"10.96.0.5\"]: failed to allocate IP 10.96.0.5: provided"
                        + " IP is already allocated");
        assertThat(Rig.refusal(() -> rig.service("b", "{'type':'NodePort','ports':[{'port':80,'nodePort':30007}]}")))
                .isEqualTo("spec.ports[0].nodePort: Invalid value: 30007: provided port is already allocated");
        assertThat(rig.allocations()).containsExactly("ip/10.96.0.5", "nodeport/30007/tcp");
    }

    @Test
    void portsOfOneNumberShareANodePort() {
        ObjectNode dns = rig.service(
                "dns",
                "{'type':'NodePort','ports':[{'port':53,'name':'u','protocol':'UDP'},{'port':53,'name':'t'},"
                        + "{'port':80,'name':'w'}]}");
        assertThat(nodePort(dns, 0)).isEqualTo(nodePort(dns, 1)).isNotEqualTo(nodePort(dns, 2));
        ObjectNode later = rig.service(
                "later",
                "{'type':'NodePort','ports':[{'port':53,'name':'u','protocol':'UDP'},"
                        + "{'port':53,'name':'t','nodePort':30053}]}");
        assertThat(nodePort(later, 0)).isEqualTo(30_053);
        assertThat(rig.allocations()).contains("nodeport/30053/tcp", "nodeport/30053/udp");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'type':'ClusterIP'                                                       | 0 | 0
            'type':'NodePort'                                                        | 1 | 0
            'type':'LoadBalancer'                                                    | 1 | 0
            'type':'LoadBalancer','externalTrafficPolicy':'Local'                    | 1 | 1
            'type':'LoadBalancer','allocateLoadBalancerNodePorts':false              | 0 | 0
            'type':'LoadBalancer','allocateLoadBalancerNodePorts':false,'externalTrafficPolicy':'Local' | 0 | 1
            'type':'NodePort','externalTrafficPolicy':'Local'                        | 1 | 0
            """)
    void typesGetTheirPorts(String given, int nodePorts, int healthPorts) {
        ObjectNode made = rig.service("web", "{" + WEB + "," + given + "}");
        assertThat(nodePort(made, 0) == 0 ? 0 : 1).isEqualTo(nodePorts);
        assertThat(ServiceFields.healthPort(made) == 0 ? 0 : 1).isEqualTo(healthPorts);
        assertThat(rig.allocations()).hasSize(1 + nodePorts + healthPorts);
        rig.delete(Resource.SERVICES, "web");
        assertThat(rig.allocations()).isEmpty();
    }

    @Test
    void anExplicitNodePortIsTakenThoughAllocationIsOff() {
        ObjectNode made = rig.service(
                "web",
                "{'type':'LoadBalancer','allocateLoadBalancerNodePorts':false,"
                        + "'ports':[{'port':80,'name':'a','nodePort':30009},{'port':81,'name':'b'}]}");
        assertThat(List.of(nodePort(made, 0), nodePort(made, 1))).containsExactly(30_009L, 0L);
        assertThat(rig.allocations()).contains("nodeport/30009/tcp");
    }

    @Test
    void aReservedAddressGoesOnlyToItsService() {
        rig.close();
        rig = new Rig(new ServiceRanges(
                List.of(Cidr.parse("10.0.0.0/29")),
                30_000,
                30_100,
                Map.of("default/mine", IpAddress.parse("10.0.0.3"))));
        for (int i = 0; i < 5; i++) {
            assertThat(spec(rig.service("s" + i, "{" + WEB + "}"), "clusterIP")).isNotEqualTo("10.0.0.3");
        }
        assertThat(Rig.refusal(() -> rig.service("s5", "{" + WEB + "}"))).contains("range is full");
        assertThat(spec(rig.service("mine", "{" + WEB + "}"), "clusterIP")).isEqualTo("10.0.0.3");
    }

    @Test
    void aDryRunTakesNothing() {
        ObjectNode tried =
                rig.create(Resource.SERVICES, "default", "web", "{'spec':{'type':'NodePort'," + WEB + "}}", true);
        assertThat(spec(tried, "clusterIP")).isEqualTo("10.96.0.0");
        assertThat(nodePort(tried, 0)).isBetween(30_000L, 32_767L);
        assertThat(rig.allocations()).isEmpty();
    }

    @Test
    void createClearsStatus() {
        ObjectNode made = rig.create(
                Resource.SERVICES,
                "web",
                "{'spec':{'type':'LoadBalancer'," + WEB + "},"
                        + "'status':{'loadBalancer':{'ingress':[{'ip':'1.2.3.4'}]}}}");
        assertThat(Json.toText(made.get("status"))).isEqualTo("{\"loadBalancer\":{}}");
    }

    @Test
    void deletionTakesTheEndpointsAlong() {
        rig.service("web", "{" + WEB + "}");
        rig.create(Resource.ENDPOINTS, "web", "{}");
        rig.delete(Resource.SERVICES, "web");
        assertThat(Rig.refusal(() -> rig.get(Resource.ENDPOINTS, "web"))).contains("not found");
    }
}
