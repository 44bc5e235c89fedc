package dev.fairway.control.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpFamily;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class SubsetsTest {

    private static final SlicePort HTTP = new SlicePort("http", "TCP", 8080, "");
    private static final SlicePort DNS = new SlicePort("dns", "UDP", 53, "");

    private final Map<Group, Map<String, ObjectNode>> groups = new TreeMap<>();

    @Test
    void portsWithTheSameAddressesShareASubset() {
        add(List.of(DNS, HTTP), "10.0.0.2", true, false);
        add(List.of(DNS, HTTP), "10.0.0.1", false, false);
        assertThat(Json.toText(subsets(false).subsets())).isEqualTo("""
            [{"addresses":[{"ip":"10.0.0.2"}],"notReadyAddresses":[{"ip":"10.0.0.1"}],\
            "ports":[{"name":"dns","port":53,"protocol":"UDP"},{"name":"http","port":8080,"protocol":"TCP"}]}]""");
    }

    @Test
    void aPortThatOnlySomePodsHaveIsItsOwnSubset() {
        add(List.of(DNS, HTTP), "10.0.0.1", true, false);
        add(List.of(HTTP), "10.0.0.2", true, false);
        assertThat(subsets(false).subsets()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "true, 1"})
    void terminatingPodsAreLeftOutUnlessPublished(boolean publish, int subsets) {
        add(List.of(HTTP), "10.0.0.1", publish, true);
        assertThat(subsets(publish).subsets()).hasSize(subsets);
    }

    @Test
    void theOtherFamilyIsLeftOut() {
        add(List.of(HTTP), "fd00::1", true, false);
        assertThat(subsets(false).subsets()).isEmpty();
    }

    @Test
    void beyondAThousandTheUnreadyGoFirst() {
        for (int number = 0; number < 1100; number++) {
            add(List.of(HTTP), "10.1.%d.%d".formatted(number / 200, number % 200), number >= 600, false);
        }
        Subsets subsets = subsets(false);
        assertThat(subsets.truncated()).isTrue();
        ObjectNode only = (ObjectNode) subsets.subsets().get(0);
        assertThat(Tree.objects(only, "addresses")).hasSize(500);
        assertThat(Tree.objects(only, "notReadyAddresses")).hasSize(500);
    }

    private Subsets subsets(boolean publish) {
        return Subsets.of(new WantedEndpoints(groups, Map.of(), true), IpFamily.IPV4, publish);
    }

    private void add(List<SlicePort> ports, String ip, boolean ready, boolean terminating) {
        ObjectNode endpoint = Json.object();
        endpoint.putArray("addresses").add(ip);
        endpoint.putObject("conditions").put("ready", ready).put("terminating", terminating);
        IpFamily family = ip.contains(":") ? IpFamily.IPV6 : IpFamily.IPV4;
        groups.computeIfAbsent(new Group(family, ports), _ -> new LinkedHashMap<>())
                .put(WantedEndpoints.identityOf(endpoint), endpoint);
    }
}
