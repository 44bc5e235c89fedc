package dev.fairway.picture.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.TestCluster;
import dev.fairway.picture.explain.NodeFacts.Cable;
import dev.fairway.picture.explain.NodeFacts.End;
import dev.fairway.picture.explain.NodeFacts.Link;
import dev.fairway.picture.explain.NodeFacts.PodWay;
import dev.fairway.picture.explain.NodeFacts.Tracking;
import dev.fairway.picture.explain.NodeFacts.UdpFlow;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What the kernels of two nodes say, and what is said of a Service `dns` with a pod on node-2.
class NodeFactsTest {

    private static final Tracking ROOM = new Tracking(10, 1000, 0, 0);

    /// Flows are `dialled>answers`; the Service is 10.96.0.9:53 and node port 30053. Who serves it is 10.0.0.1:5353,
    /// and 10.0.0.2:5353, which ends; 10.0.0.3 is not ready.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            10.96.0.9:53>10.0.0.1:5353                              |
            10.96.0.9:53>10.0.0.2:5353                              |
            192.0.2.1:30053>10.0.0.1:5353                           |
            10.96.0.8:53>10.0.0.9:5353 192.0.2.1:30054>10.0.0.9:53  |
            192.0.2.7:30053>10.0.0.9:5353                           |
            10.96.0.9:53>10.0.0.9:5353                              | one UDP client is still led to 10.0.0.9:5353, which does not serve: what goes there is lost, for as long as the client sends
            10.96.0.9:53>10.0.0.3:5353                              | one UDP client is still led to 10.0.0.3:5353, which does not serve: what goes there is lost, for as long as the client sends
            10.96.0.9:53>10.0.0.1:5354                              | one UDP client is still led to 10.0.0.1:5354, which does not serve: what goes there is lost, for as long as the client sends
            10.96.0.9:53>10.96.0.9:53                               | one UDP client is still led to 10.96.0.9:53, which does not serve: what goes there is lost, for as long as the client sends
            192.0.2.2:30053>10.0.0.9:5353                           | one UDP client is still led to 10.0.0.9:5353, which does not serve: what goes there is lost, for as long as the client sends
            10.96.0.9:53>10.0.0.8:53 10.96.0.9:53>10.0.0.9:53       | 2 UDP clients are still led to 10.0.0.8:53, which does not serve: what goes there is lost, for as long as the client sends
            """)
    void udpClients(String flows, @Nullable String said) {
        List<UdpFlow> seen = Stream.of(flows.split(" "))
                .map(flow -> flow.split(">"))
                .map(ends -> new UdpFlow(end("10.0.0.7:4000"), end(ends[0]), end(ends[1]), 1))
                .toList();
        List<Finding> findings = explain(new NodeFacts(
                List.of(node("node-1", ROOM, List.of()), node("node-2", ROOM, seen)), List.of(), Map.of()));

        assertThat(findings).extracting(Finding::sentence).isEqualTo(said == null ? List.of() : List.of(said));
        assertThat(findings).allSatisfy(finding -> {
            assertThat(finding.code()).isEqualTo(Code.STALE_FLOW);
            assertThat(finding.evidence())
                    .contains("on node-2: 10.0.0.7:4000 -> " + flows.split(" ")[0].replace(">", " is led to "))
                    .endsWith("who serves: 10.0.0.1:5353, 10.0.0.2:5353");
            assertThat(finding.fix()).startsWith("ip netns exec fw-node-2 conntrack -D -p udp --orig-dst ");
        });
    }

    @ParameterizedTest(name = "{0} and {4} of {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            899  | 1000 | 0 | 0 | 10  |
            899  | 1000 | 7 | 7 | 10  |
            5000 | 0    | 0 | 0 | 10  |
            900  | 1000 | 0 | 0 | 10  | FW021 WARNING node-1 tracks nearly as many connections as it may: beyond that it drops what is new
            950  | 1000 | 0 | 3 | 900 | FW021 WARNING each of node-1, node-2 tracks nearly as many connections as it may: beyond that it drops what is new
            950  | 1000 | 1 | 0 | 10  | FW021 ERROR node-1 cannot track more connections: it drops what is new, at random
            1000 | 1000 | 0 | 0 | 900 | FW021 ERROR node-1 cannot track more connections: it drops what is new, at random
            """)
    void connectionTables(long entries, long maximum, long dropped, long evicted, long ofOther, @Nullable String said) {
        List<Finding> findings = explain(new NodeFacts(
                List.of(
                        node("node-1", new Tracking(entries, maximum, dropped, evicted), List.of()),
                        node("node-2", new Tracking(ofOther, 1000, 0, 0), List.of())),
                List.of(),
                Map.of()));

        assertThat(findings)
                .extracting(it -> it.code().label() + " " + it.code().severity() + " " + it.sentence())
                .isEqualTo(said == null ? List.of() : List.of(said));
        assertThat(findings)
                .allSatisfy(finding -> assertThat(finding.evidence())
                        .contains(
                                "on node-1: " + entries
                                        + " connections are tracked, at most 1000 may be"
                                        + " (net.netfilter.nf_conntrack_max)",
                                "since it began node-1 dropped " + dropped + " packets for that, and forgot " + evicted
                                        + " connections early"));
    }

    /// The largest packets of the pod's link, the node's end of it and the node's bridge; of node-1's inside link and
    /// its port at the switch; of node-2's port and link; of the edge's link; of node-1's outside link.
    @ParameterizedTest(name = "{0} {1} {2}, {3} {4} {5} {6}, {7} {8}, {9}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | NodePort  |
            1500 | 1500 | 1500 | 1400 | 1500 | 1500 | 1400 | 1500 | 1500 | NodePort  |
            1400 | 1500 | 1400 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | ClusterIP |
            1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 9000 | 1500 | ClusterIP |
            1500 | 1400 | 1400 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | ClusterIP | 1400 from pod dns-1 to node-2; ip netns exec fw-node-2 ip link set dev p-1 mtu 1500
            1400 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | ClusterIP | 1400 from node-2 to pod dns-1; ip netns exec fw-pod-1 ip link set dev eth0 mtu 1500
            1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1400 | 1500 | 1500 | ClusterIP | 1400 from node-1 to node-2; ip netns exec fw-node-2 ip link set dev int0 mtu 1500
            1500 | 1500 | 1500 | 1400 | 1500 | 1500 | 1500 | 1500 | 1500 | ClusterIP | 1400 from node-2 to node-1; ip netns exec fw-node-1 ip link set dev int0 mtu 1500
            1500 | 1500 | 1500 | 1500 | 1450 | 1500 | 1500 | 1500 | 1500 | ClusterIP | 1450 from node-1 to node-2; ip netns exec fw-fabric ip link set dev int-node-1 mtu 1500
            1500 | 1500 | 1500 | 9000 | 9000 | 1500 | 1500 | 1500 | 1500 | ClusterIP | 1500 from node-1 to node-2; ip netns exec fw-fabric ip link set dev int-node-2 mtu 9000
            1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1300 | NodePort  | 1300 from edge to node-1; ip netns exec fw-node-1 ip link set dev ext0 mtu 1500
            1500 | 1500 | 1500 | 1500 | 1500 | 1500 | 1400 | 1500 | 1300 | ClusterIP | 1400 from node-1 to node-2; ip netns exec fw-node-2 ip link set dev int0 mtu 1500
            """)
    void largestPackets(
            int pod,
            int podPort,
            int bridge,
            int one,
            int onePort,
            int twoPort,
            int two,
            int edge,
            int outside,
            String type,
            @Nullable String said) {
        NodeFacts facts = new NodeFacts(
                List.of(),
                List.of(
                        cable(false, "node-1", "int0", one, "int-node-1", onePort),
                        cable(false, "node-2", "int0", two, "int-node-2", twoPort),
                        cable(true, "edge", "ext0", edge, "edge", edge),
                        cable(true, "node-1", "ext0", outside, "ext-node-1", edge)),
                Map.of(
                        new ObjectKey("default", "dns-1"),
                        new PodWay(
                                new Link("pod dns-1", "fw-pod-1", "eth0", pod),
                                new Link("node-2", "fw-node-2", "p-1", podPort),
                                new Link("node-2", "fw-node-2", "pods", bridge))));
        ObjectNode service = service();
        ((ObjectNode) service.get("spec")).put("type", type);

        List<Finding> findings = explain(facts, service);

        assertThat(findings)
                .extracting(it -> it.code().label() + " " + it.sentence() + "; " + it.fix())
                .isEqualTo(
                        said == null
                                ? List.of()
                                : List.of("FW028 packets of more than "
                                        + said.replaceFirst(" ", " bytes ")
                                                .replace(";", " vanish: what is small works, what is large hangs;")));
        assertThat(findings).allSatisfy(finding -> {
            assertThat(finding.evidence())
                    .first()
                    .asString()
                    .contains(finding.fix().split(" ")[8]);
            assertThat(finding.evidence()).anyMatch(fact -> fact.startsWith("more than "));
        });
    }

    @Test
    void onlyWhatIsSeenTwiceIsStale() {
        UdpFlow one = new UdpFlow(end("10.0.0.7:4000"), end("10.96.0.9:53"), end("10.0.0.8:53"), 3);
        UdpFlow other = new UdpFlow(end("10.0.0.7:4001"), end("10.96.0.9:53"), end("10.0.0.9:53"), 1);
        NodeFacts first = new NodeFacts(List.of(node("node-1", ROOM, List.of(one))), List.of(), Map.of());
        NodeFacts second = new NodeFacts(List.of(node("node-1", ROOM, List.of(one, other))), List.of(), Map.of());

        assertThat(explain(second.confirmedBy(first)))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.sentence()).startsWith("3 UDP clients are still led to 10.0.0.8:53"));
        assertThat(explain(new NodeFacts(List.of(node("node-2", ROOM, List.of(one))), List.of(), Map.of())
                        .confirmedBy(first)))
                .as("on another node")
                .isEmpty();
    }

    private static List<Finding> explain(NodeFacts facts) {
        return explain(facts, service());
    }

    private static List<Finding> explain(NodeFacts facts, ObjectNode service) {
        List<ObjectNode> nodes = List.of(
                TestCluster.json(
                        "{'metadata': {'name': 'node-1'}, 'status': {'addresses': [{'address': '192.0.2.1'}]}}"),
                TestCluster.json(
                        "{'metadata': {'name': 'node-2'}, 'status': {'addresses': [{'address': '192.0.2.2'}]}}"));
        ObjectNode pod = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'dns-1', 'labels': {'app': 'dns'}},
                 'spec': {'nodeName': 'node-2', 'containers': [{'name': 'c'}]},
                 'status': {'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': 'True'}]}}""");
        ObjectNode slice = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'dns-x', 'labels': {'kubernetes.io/service-name': 'dns'}},
                 'addressType': 'IPv4', 'ports': [{'name': 'q', 'port': 5353, 'protocol': 'UDP'}, {'name': 'm', 'port': 9153}],
                 'endpoints': [{'addresses': ['10.0.0.1']},
                               {'addresses': ['10.0.0.2'], 'conditions': {'ready': false, 'serving': true}},
                               {'addresses': ['10.0.0.3'], 'conditions': {'ready': false}}]}""");
        return new Explainer(
                        new ClusterObjects(nodes, List.of(pod), List.of(service), List.of(slice)),
                        PodSockets.UNKNOWN,
                        facts)
                .explain(Meta.key(service));
    }

    private static ObjectNode service() {
        return TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'dns'},
                 'spec': {'selector': {'app': 'dns'}, 'clusterIP': '10.96.0.9', 'clusterIPs': ['10.96.0.9'],
                          'ports': [{'name': 'q', 'protocol': 'UDP', 'port': 53, 'targetPort': 5353, 'nodePort': 30053},
                                    {'name': 'm', 'protocol': 'TCP', 'port': 9153, 'targetPort': 9153}]}}""");
    }

    private static NodeFacts.Node node(String name, Tracking tracking, List<UdpFlow> flows) {
        return new NodeFacts.Node(name, "fw-" + name, tracking, new ArrayList<>(flows));
    }

    private static Cable cable(boolean outside, String owner, String link, int mtu, String port, int portMtu) {
        return new Cable(
                outside,
                owner,
                new Link(owner, "fw-" + owner, link, mtu),
                new Link("the switch", "fw-fabric", port, portMtu));
    }

    private static End end(String text) {
        int colon = text.lastIndexOf(':');
        return new End(IpAddress.parse(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }
}
