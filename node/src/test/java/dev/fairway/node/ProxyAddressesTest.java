package dev.fairway.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.NodeAddresses;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.node.ProxySpec.PodDetection;
import dev.fairway.schema.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ProxyAddressesTest {

    private static final ObjectNode NODE = Json.parse("""
            {"metadata": {"name": "n"}, "spec": {"podCIDRs": ["10.1.2.0/24", "fd00:1:2::/64"]},
             "status": {"addresses": [
               {"type": "Hostname", "address": "n"},
               {"type": "ExternalIP", "address": "203.0.113.9"},
               {"type": "ExternalIP", "address": "2001:db8::9"},
               {"type": "InternalIP", "address": "192.0.2.1"},
               {"type": "InternalIP", "address": "192.0.2.2"}]}}""");

    private static final List<IpAddress> LINKS =
            addresses("127.0.0.1", "::1", "192.0.2.1", "198.51.100.7", "2001:db8::9", "fe80::1");

    @Test
    void thePrimaryAddressesAreTheFirstOfEachFamilyAndInternalOnesFirst() {
        assertThat(of(new NodePortAddresses.Primary(), "", "").nodePorts())
                .isEqualTo(addresses("192.0.2.1", "2001:db8::9"));
    }

    @Test
    void blocksChooseAmongTheAddressesOfLinksWithoutLoopback() {
        assertThat(within("198.51.100.0/24")).isEqualTo(addresses("198.51.100.7"));
        assertThat(within("0.0.0.0/0")).isEqualTo(addresses("192.0.2.1", "198.51.100.7"));
        assertThat(within("0.0.0.0/0", "2001:db8::/32"))
                .isEqualTo(addresses("192.0.2.1", "198.51.100.7", "2001:db8::9"));
        assertThat(within("203.0.113.0/24")).isEmpty();
    }

    private static List<IpAddress> within(String... blocks) {
        return of(new NodePortAddresses.Within(cidrs(blocks)), "", "").nodePorts();
    }

    @Test
    void aNodeThatIsNotKnownYetHasNoAddresses() {
        ProxyAddresses unknown = new ProxyAddresses(
                spec(new NodePortAddresses.Primary(), "", "", false), Optional.empty(), List.of(), LINKS);
        assertThat(unknown.nodePorts()).isEmpty();
        assertThat(unknown.toDataplane().ownPods()).isEmpty();
    }

    @Test
    void podsAreThoseOfTheNodeUnlessABlockForAllIsTold() {
        assertThat(of(new NodePortAddresses.Primary(), "", "").pods()).isEqualTo(cidrs("10.1.2.0/24", "fd00:1:2::/64"));
        NodeAddresses told = of(new NodePortAddresses.Primary(), "10.1.0.0/16", "");
        assertThat(told.pods()).isEqualTo(cidrs("10.1.0.0/16"));
        assertThat(told.ownPods()).isEqualTo(cidrs("10.1.2.0/24", "fd00:1:2::/64"));
    }

    @Test
    void podsAreToldByWhatTheModeSays() {
        assertThat(in(new PodDetection.ByBlocks()).pods()).isEqualTo(cidrs("10.1.0.0/16"));
        assertThat(in(new PodDetection.ByNodeBlocks()).pods()).isEqualTo(cidrs("10.1.2.0/24", "fd00:1:2::/64"));
        assertThat(in(new PodDetection.ByLink("veth*")).podLink()).contains("veth*");
        assertThat(in(new PodDetection.ByBlocks()).podLink()).isEmpty();
    }

    private static NodeAddresses in(PodDetection pods) {
        Forwarding forwarding = new Forwarding(new NodePortAddresses.Primary(), false, pods, false);
        return new ProxyAddresses(spec(forwarding, "10.1.0.0/16", "", false), Optional.of(NODE), List.of(), LINKS)
                .toDataplane();
    }

    @Test
    void localhostIsOneMoreAddressOfNodePorts() {
        Forwarding forwarding =
                new Forwarding(new NodePortAddresses.Primary(), true, new PodDetection.ByBlocks(), true);
        NodeAddresses addresses =
                new ProxyAddresses(spec(forwarding, "", "", false), Optional.of(NODE), List.of(), LINKS).toDataplane();
        assertThat(addresses.nodePorts()).isEqualTo(addresses("192.0.2.1", "2001:db8::9", "127.0.0.1"));
        assertThat(addresses.masqueradeAll()).isTrue();
    }

    @Test
    void withoutAnyBlockOfPodsNobodyIsMasqueradedAndNobodyIsAPodOfTheNode() {
        ProxySpec spec = spec(new NodePortAddresses.Primary(), "", "", false);
        ObjectNode node = NODE.deepCopy();
        node.set("spec", Json.object());
        NodeAddresses addresses = new ProxyAddresses(spec, Optional.of(node), List.of(), LINKS).toDataplane();
        assertThat(addresses.pods()).isEqualTo(cidrs("0.0.0.0/0", "::/0"));
        assertThat(addresses.ownPods()).isEmpty();
    }

    @Test
    void serviceRangesAreThoseOfTheApiOnceItHasAny() {
        ProxySpec spec = spec(new NodePortAddresses.Primary(), "10.1.0.0/16", "10.96.0.0/16", true);
        ObjectNode served = Json.parse("""
                {"spec": {"cidrs": ["10.112.0.0/16", "fd00:10:112::/112"]}}""");
        NodeAddresses before = new ProxyAddresses(spec, Optional.of(NODE), List.of(), LINKS).toDataplane();
        NodeAddresses after = new ProxyAddresses(spec, Optional.of(NODE), List.of(served), LINKS).toDataplane();
        assertThat(before.services()).isEqualTo(cidrs("10.96.0.0/16"));
        assertThat(after.services()).isEqualTo(cidrs("10.112.0.0/16", "fd00:10:112::/112"));
        assertThat(after.cluster()).isEqualTo(cidrs("10.1.0.0/16", "10.112.0.0/16", "fd00:10:112::/112"));
    }

    private static NodeAddresses of(NodePortAddresses nodePorts, String pods, String services) {
        ProxySpec spec = spec(nodePorts, pods, services, false);
        return new ProxyAddresses(spec, Optional.of(NODE), List.of(), LINKS).toDataplane();
    }

    private static ProxySpec spec(NodePortAddresses nodePorts, String pods, String services, boolean leave) {
        return spec(Forwarding.on(nodePorts), pods, services, leave);
    }

    private static ProxySpec spec(Forwarding forwarding, String pods, String services, boolean leave) {
        ClusterNetwork network = new ClusterNetwork(
                pods.isEmpty() ? List.of() : cidrs(pods),
                services.isEmpty() ? List.of() : cidrs(services),
                List.of(),
                List.of(),
                List.of(),
                "cluster.local",
                List.of());
        return new ProxySpec("n", NetworkNamespace.host(), "", forwarding, List.of(), network, List.of(), leave);
    }

    private static List<IpAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(IpAddress::parse).toList();
    }

    private static List<Cidr> cidrs(String... texts) {
        return Arrays.stream(texts).map(Cidr::parse).toList();
    }
}
