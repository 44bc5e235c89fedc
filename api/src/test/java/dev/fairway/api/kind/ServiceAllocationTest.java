package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
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

    @Test
    void anAddressIsAnObjectThatNamesItsService() {
        ObjectNode made = rig.service("web", "{'ipFamilyPolicy':'RequireDualStack'," + WEB + "}");
        for (String address : ServiceFields.clusterIps(made)) {
            ObjectNode object = rig.stored(Claims.key(IpAddress.parse(address)));
            assertThat(Meta.name(object)).isEqualTo(address);
            assertThat(Meta.uid(object)).isNotEmpty();
            assertThat(Meta.labels(object))
                    .containsEntry("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io")
                    .containsEntry("ipaddress.kubernetes.io/ip-family", address.contains(":") ? "IPv6" : "IPv4");
            assertThat(Json.toText(Tree.at(object, "spec", "parentRef")))
                    .isEqualTo("{\"resource\":\"services\",\"namespace\":\"default\",\"name\":\"web\"}");
        }
    }
}
