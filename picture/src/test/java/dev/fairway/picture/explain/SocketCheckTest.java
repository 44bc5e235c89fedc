package dev.fairway.picture.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.TestCluster;
import dev.fairway.picture.explain.PodSockets.Waiting;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What waits in the pods behind a Service, and what is said of it. Sockets are `protocol address port`, with commas
/// between; both pods are ready, and declare port 9000 and, by the name `http`, port 8080.
class SocketCheckTest {

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            TCP | 8080   | TCP 0.0.0.0 8080               | TCP :: 8080                        |
            TCP | 8080   | TCP 10.0.0.1 8080              | TCP :: 8080, UDP :: 8080           |
            UDP | 53     | UDP 0.0.0.0 53                 | UDP 0.0.0.0 53                     |
            TCP | 'http' | TCP 0.0.0.0 8080               | TCP 0.0.0.0 8080                   |
            TCP | 7777   | TCP 0.0.0.0 7777               | TCP 0.0.0.0 7777                   |
            TCP | 'htpt' | TCP 0.0.0.0 8080               | TCP 0.0.0.0 8080                   | FW004 targetPort "htpt" is no port name of its pods for TCP; did you mean "http"?
            TCP | 8080   | TCP 127.0.0.1 8080             | TCP ::1 8080                       | FW005 in its pods the program waits on the loopback address only, so nobody outside the pod reaches TCP port 8080
            TCP | 8080   | TCP 127.0.0.1 8080             | TCP :: 8080                        | FW005 in 1 of its 2 pods the program waits on the loopback address only, so nobody outside the pod reaches TCP port 8080
            TCP | 8080   | TCP 127.0.0.1 8080, TCP :: 8080 | TCP :: 8080                       |
            TCP | 'http' | TCP 0.0.0.0 9000               | -                                  | FW003 in its pods nothing waits on TCP port 8080, to which spec.ports[0] leads: connections are refused
            TCP | 8080   | TCP 0.0.0.0 9000               | TCP 0.0.0.0 8080                   | FW003 in 1 of its 2 pods nothing waits on TCP port 8080, to which spec.ports[0] leads: connections are refused
            TCP | 53     | UDP 0.0.0.0 53                 | UDP 0.0.0.0 53                     | FW007 in its pods port 53 waits for UDP, but the Service forwards TCP
            SCTP | 8080  | -                              | -                                  |
            """)
    void whatWaits(String protocol, String target, String one, String other, String said) {
        ObjectNode service = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'web'}, 'spec': {'selector': {'app': 'web'},
                 'ports': [{'port': 80, 'protocol': '%s', 'targetPort': %s}]}}""".formatted(protocol, target));
        List<ObjectNode> pods = List.of(pod("a"), pod("b"));
        PodSockets sockets =
                new PodSockets(Map.of(Meta.key(pods.get(0)), list(one), Meta.key(pods.get(1)), list(other)));
        List<Finding> findings = new Explainer(
                        new ClusterObjects(List.of(), pods, List.of(service), List.of()), sockets, NodeFacts.UNKNOWN)
                .explainAll().stream()
                        .filter(finding -> finding.code() != Code.PORT_FORWARD_PASSES)
                        .toList();

        assertThat(findings.stream().map(it -> it.code().label() + " " + it.sentence()))
                .isEqualTo(said == null ? List.of() : List.of(said));
        assertThat(findings).allSatisfy(finding -> {
            assertThat(finding.code().severity()).isNotEqualTo(Code.Severity.HINT);
            assertThat(finding.evidence()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({"TCP 127.0.0.1 8080, FW005 FW032", "TCP 0.0.0.0 9000, FW003", "TCP 0.0.0.0 8080,"})
    void portForwardReachesTheLoopbackAddress(String waiting, @Nullable String codes) {
        ObjectNode service = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'web'}, 'spec': {'selector': {'app': 'web'},
                 'ports': [{'port': 80, 'targetPort': 8080}]}}""");
        ObjectNode pod = pod("a");
        ClusterObjects objects = new ClusterObjects(List.of(), List.of(pod), List.of(service), List.of());
        List<Finding> findings = new Explainer(
                        objects, new PodSockets(Map.of(Meta.key(pod), list(waiting))), NodeFacts.UNKNOWN)
                .explainAll();

        assertThat(findings)
                .extracting(finding -> finding.code().label())
                .isEqualTo(codes == null ? List.of() : List.of(codes.split(" ")));
    }

    @Test
    void theEvidenceIsWhatWaitsInstead() {
        ObjectNode service = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'web'}, 'spec': {'selector': {'app': 'web'},
                 'ports': [{'port': 80, 'targetPort': 8080}]}}""");
        ObjectNode pod = pod("a");
        Map<ObjectKey, List<Waiting>> there = new TreeMap<>();
        there.put(Meta.key(pod), list("TCP ::1 8080, TCP 0.0.0.0 9000"));

        assertThat(new Explainer(
                                new ClusterObjects(List.of(), List.of(pod), List.of(service), List.of()),
                                new PodSockets(there),
                                NodeFacts.UNKNOWN)
                        .explainAll())
                .first()
                .satisfies(finding -> assertThat(finding.evidence())
                        .containsExactly("in pod a wait: TCP 0.0.0.0:9000, TCP [::1]:8080"));
    }

    @ParameterizedTest(name = "{0} of {1} where {2} and {3} wait")
    @CsvSource(delimiter = '|', textBlock = """
            TCP | 8080 | TCP 0.0.0.0 9000                   | TCP :: 9000      | targetPort 9000
            TCP | 8080 | TCP 0.0.0.0 9000, TCP 127.0.0.1 53 | TCP :: 9000      | targetPort 9000
            TCP | 8080 | TCP 0.0.0.0 9000, TCP 0.0.0.0 9001 | TCP 0.0.0.0 9000 | logs
            TCP | 8080 | TCP 0.0.0.0 9000                   | TCP 0.0.0.0 8080 | logs
            TCP | 8080 | -                                  | -                | logs
            TCP | 53   | UDP 0.0.0.0 53                     | UDP 0.0.0.0 53   | protocol "UDP"
            TCP | 8080 | TCP 127.0.0.1 8080                 | TCP ::1 8080     | logs
            """)
    void theServiceIsMendedWhereItIsWrong(String protocol, String target, String one, String other, String fix) {
        ObjectNode service = TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': 'web'}, 'spec': {'selector': {'app': 'web'},
                 'ports': [{'port': 80, 'protocol': '%s', 'targetPort': %s}]}}""".formatted(protocol, target));
        List<ObjectNode> pods = List.of(pod("a"), pod("b"));
        PodSockets sockets =
                new PodSockets(Map.of(Meta.key(pods.get(0)), list(one), Meta.key(pods.get(1)), list(other)));
        String[] field = fix.split(" ");
        String expected = fix.equals("logs")
                ? "kubectl logs a -n default"
                : "kubectl patch service web -n default --type=json -p '[{\"op\":\"add\",\"path\":\"/spec/ports/0/"
                        + field[0] + "\",\"value\":" + field[1] + "}]'";

        assertThat(new Explainer(
                                new ClusterObjects(List.of(), pods, List.of(service), List.of()),
                                sockets,
                                NodeFacts.UNKNOWN)
                        .explainAll())
                .first()
                .satisfies(finding -> assertThat(finding.fix()).isEqualTo(expected));
    }

    private static List<Waiting> list(String text) {
        return Stream.of(text.split(", "))
                .filter(socket -> !socket.equals("-"))
                .map(socket -> socket.split(" "))
                .map(part -> new Waiting(part[0], IpAddress.parse(part[1]), Integer.parseInt(part[2])))
                .toList();
    }

    private static ObjectNode pod(String name) {
        return TestCluster.json("""
                {'metadata': {'namespace': 'default', 'name': '%s', 'labels': {'app': 'web'}},
                 'spec': {'containers': [{'name': 'c', 'ports': [
                     {'containerPort': 9000}, {'name': 'http', 'containerPort': 8080}]}]},
                 'status': {'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': 'True'}]}}
                """.formatted(name));
    }
}
