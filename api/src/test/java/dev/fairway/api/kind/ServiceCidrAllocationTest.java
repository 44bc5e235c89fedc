package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.api.registry.Section;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Which blocks give out addresses: the ServiceCIDRs that are ready and stay.
class ServiceCidrAllocationTest {

    private static final String WEB = "{'ports':[{'port':80}]}";
    private static final String READY = "'status':{'conditions':[{'type':'Ready','status':'True'}]}";

    private final Rig rig = new Rig(new ServiceRanges(List.of(Cidr.parse("10.0.0.0/29")), 30_000, 30_100, Map.of()));

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aBlockThatIsFullSendsServicesToTheNextReadyOne() {
        fillTheFirstBlock();
        assertThat(Rig.refusal(() -> rig.service("late", WEB))).contains("range is full");
        rig.create(Resource.SERVICE_CIDRS, "more", "{'spec':{'cidrs':['10.0.1.0/24']}}");
        assertThat(Rig.refusal(() -> rig.service("late", WEB)))
                .as("not ready yet")
                .contains("range is full");
        setReady("more");
        assertThat(ip(rig.service("late", WEB))).startsWith("10.0.1.");
    }

    @Test
    void theDefaultObjectTakesThePlaceOfTheSettings() {
        rig.create(Resource.SERVICE_CIDRS, "kubernetes", "{'spec':{'cidrs':['10.0.7.0/24']}," + READY + "}");
        assertThat(ip(rig.service("web", WEB))).startsWith("10.0.7.");
    }

    @Test
    void anExplicitAddressMayComeFromAnyReadyBlock() {
        rig.create(Resource.SERVICE_CIDRS, "more", "{'spec':{'cidrs':['10.0.1.0/24']}," + READY + "}");
        assertThat(ip(rig.service("web", "{'clusterIP':'10.0.1.9','ports':[{'port':80}]}")))
                .isEqualTo("10.0.1.9");
        assertThat(Rig.refusal(() -> rig.service("other", "{'clusterIP':'10.0.1.9','ports':[{'port':80}]}")))
                .isEqualTo("spec.clusterIPs: Invalid value: [\"10.0.1.9\"]: failed to allocate IP 10.0.1.9: "
                        + "provided IP is already allocated");
    }

    @Test
    void aBlockThatIsBeingDeletedGivesNothingOutButTakesBack() {
        rig.create(
                Resource.SERVICE_CIDRS,
                "more",
                "{'metadata':{'finalizers':['a.b/held']},'spec':{'cidrs':['10.0.1.0/24']}," + READY + "}");
        rig.service("web", "{'clusterIP':'10.0.1.9','ports':[{'port':80}]}");
        rig.delete(Resource.SERVICE_CIDRS, "more");
        assertThat(Rig.refusal(() -> rig.service("other", "{'clusterIP':'10.0.1.10','ports':[{'port':80}]}")))
                .contains("the provided network does not match the current range");
        assertThat(rig.allocations()).contains("ip/10.0.1.9");
        rig.delete(Resource.SERVICES, "web");
        assertThat(rig.allocations()).isEmpty();
    }

    @Test
    void anAddressIsAnObjectThatClientsRead() {
        String ip = ip(rig.service("web", WEB));
        ObjectNode address = rig.get(Resource.IP_ADDRESSES, ip);
        assertThat(Json.toText(address.get("spec")))
                .isEqualTo("{\"parentRef\":{\"resource\":\"services\",\"namespace\":\"default\",\"name\":\"web\"}}");
        assertThat(Meta.labels(address))
                .containsEntry("ipaddress.kubernetes.io/ip-family", "IPv4")
                .containsEntry("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
        assertThat(Meta.resourceVersion(address))
                .as("written in the Service's own transaction")
                .isEqualTo(Meta.resourceVersion(rig.get(Resource.SERVICES, "web")));
    }

    @Test
    void anAddressThatAClientTookIsNotGivenOut() {
        for (int i = 1; i < 6; i++) {
            rig.create(
                    Resource.IP_ADDRESSES,
                    "10.0.0." + i,
                    "{'spec':{'parentRef':{'resource':'services','namespace':'default','name':'mine'}}}");
        }
        assertThat(ip(rig.service("web", WEB))).isEqualTo("10.0.0.6");
    }

    private void fillTheFirstBlock() {
        for (int i = 0; i < 6; i++) {
            assertThat(ip(rig.service("web-" + i, WEB))).startsWith("10.0.0.");
        }
    }

    private void setReady(String name) {
        ObjectNode range = rig.get(Resource.SERVICE_CIDRS, name).deepCopy();
        range.set("status", Tree.at(Rig.json("{" + READY + "}"), "status"));
        assertThat(rig.replace(Resource.SERVICE_CIDRS, name, Section.STATUS, range)
                        .object())
                .isNotNull();
    }

    private static String ip(ObjectNode service) {
        return Tree.text(service, "spec", "clusterIP");
    }
}
