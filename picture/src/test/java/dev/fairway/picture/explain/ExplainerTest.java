package dev.fairway.picture.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.TestCluster;
import dev.fairway.schema.ObjectKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

class ExplainerTest {

    private static final ObjectKey WEB = new ObjectKey("default", "web");

    private static ObjectNode pod(String namespace, String labels, String ready, String more) {
        return TestCluster.json("""
                {'metadata': {'namespace': '%s', 'name': 'web-1', 'labels': {%s}},
                 'spec': {'nodeName': 'node-1', 'containers': [{'name': 'web', 'ports': [
                     {'name': 'http', 'containerPort': 8080}, {'name': 'dns', 'containerPort': 53, 'protocol': 'UDP'}]}]},
                 'status': {'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': '%s'}]%s}}
                """.formatted(namespace, labels, ready, more));
    }

    private static ObjectNode service(String namespace, String name, String spec) {
        return TestCluster.json(
                "{'metadata': {'namespace': '%s', 'name': '%s'}, 'spec': {%s}}".formatted(namespace, name, spec));
    }

    private static List<Finding> explain(List<ObjectNode> pods, List<ObjectNode> services) {
        return new Explainer(new ClusterObjects(List.of(), pods, services, List.of())).explain(WEB);
    }

    private static List<Finding> explain(String spec) {
        return explain(List.of(pod("default", "'app': 'web'", "True", "")), List.of(service("default", "web", spec)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            'selector': {'app': 'wbe'}, 'ports': [{'port': 80, 'targetPort': 8080}]                        | FW001 | no pod in "default" has the labels app=wbe, so nothing stands behind the Service
            'selector': {'app': 'web'}, 'ports': [{'port': 80, 'targetPort': 'htttp'}]                     | FW004 | targetPort "htttp" is no port name of its pods for TCP; did you mean "http"?
            'selector': {'app': 'web'}, 'ports': [{'port': 80, 'targetPort': 'dns'}]                       | FW004 | targetPort "dns" is no port name of its pods for TCP; did you mean "http"?
            'selector': {'app': 'web'}, 'ports': [{'port': 53, 'protocol': 'TCP'}]                         | FW007 | port 53 of its pods is declared for UDP, but the Service forwards TCP
            'selector': {'app': 'web'}, 'ports': [{'port': 80, 'targetPort': 8088}]                        | FW003 | it forwards to port 8088, which no container of its pods declares
            'type': 'LoadBalancer', 'selector': {'app': 'web'}, 'ports': [{'port': 80, 'targetPort': 8080}] | FW010 | no load balancer has given it an address yet
            'type': 'LoadBalancer', 'loadBalancerClass': 'x.y/z', 'selector': {'app': 'web'}, 'ports': []  | FW010 | no load balancer has given it an address yet; only one of class "x.y/z" may
            'type': 'ExternalName', 'externalName': '192.0.2.1'                                            | FW024 | externalName is the address 192.0.2.1, where a name is meant: some DNS servers answer with it, most do not resolve it
            """)
    void saysWhatIsWrong(String spec, String code, String sentence) {
        assertThat(explain(spec)).hasSize(1).first().satisfies(finding -> {
            assertThat(finding.code().label()).isEqualTo(code);
            assertThat(finding.sentence()).isEqualTo(sentence);
            assertThat(finding.evidence()).isNotEmpty();
            assertThat(finding.fix()).startsWith("kubectl ");
        });
    }

    /// Healthy Services: one a line, none with a finding.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            'selector': {'app': 'web'}, 'ports': [{'port': 80, 'targetPort': 8080}]
            'selector': {'app': 'web'}, 'ports': [{'port': 8080}]
            'selector': {'app': 'web'}, 'ports': [{'port': 80, 'targetPort': 'http'}]
            'selector': {'app': 'web'}, 'ports': [{'port': 53, 'protocol': 'UDP'}]
            'selector': {'app': 'web'}, 'ports': [{'port': 53, 'protocol': 'UDP', 'targetPort': 'dns'}, {'port': 80, 'targetPort': 'http'}]
            'selector': {'app': 'web'}, 'clusterIP': 'None'
            'selector': {'app': 'web'}, 'type': 'NodePort', 'externalTrafficPolicy': 'Local', 'ports': [{'port': 8080, 'nodePort': 30080}]
            'ports': [{'port': 5432}]
            'type': 'ExternalName', 'externalName': 'db.example.com'
            'type': 'ExternalName', 'externalName': 'db.example.com', 'ports': [{'port': 3000, 'targetPort': 443}]
            """)
    void healthyServicesHaveNoFinding(String spec) {
        assertThat(explain(spec)).isEmpty();
    }

    @Test
    void aMistypedSelectorIsPatchedToTheClosestLabels() {
        assertThat(explain("'selector': {'app': 'wbe'}").getFirst().fix())
                .isEqualTo("kubectl patch service web -n default --type=merge -p "
                        + "'{\"spec\":{\"selector\":{\"app\":\"web\"}}}'");
        assertThat(explain("'selector': {'run': 'web'}").getFirst().fix()).contains("{\"run\":null,\"app\":\"web\"}");
    }

    @Test
    void podsWithTheLabelsMayBeInAnotherNamespace() {
        List<Finding> findings = explain(
                List.of(pod("shop", "'app': 'web'", "True", "")),
                List.of(service("default", "web", "'selector': {'app': 'web'}")));
        assertThat(findings.getFirst().evidence()).contains("pods with these labels are in namespace \"shop\"");
    }

    @Test
    void podsThatAreNotReadySayWhy() {
        String crash = ", 'containerStatuses': [{'name': 'web', 'ready': false, "
                + "'state': {'waiting': {'reason': 'CrashLoopBackOff'}}}]";
        List<Finding> findings = explain(
                List.of(pod("default", "'app': 'web'", "False", crash)),
                List.of(service("default", "web", "'selector': {'app': 'web'}, 'ports': [{'port': 1}]")));
        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().code()).isEqualTo(Code.NOT_READY);
        assertThat(findings.getFirst().evidence()).containsExactly("pod web-1: container web CrashLoopBackOff");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            shop    | web  | , but in "shop": from other namespaces its name is web.shop
            default | webb | ; did you mean "webb"?
            default | mail | , nor in any other
            """)
    void aServiceThatIsNotThere(String namespace, String name, String says) {
        List<Finding> findings = explain(List.of(), List.of(service(namespace, name, "")));
        assertThat(findings.getFirst().sentence())
                .isEqualTo("there is no Service \"web\" in namespace \"default\"" + says);
    }

    @Test
    void allServicesAreExplainedInOrder() {
        Explainer explainer = new Explainer(new ClusterObjects(
                List.of(),
                List.of(),
                Stream.of("b", "a")
                        .map(name -> service("default", name, "'selector': {'app': 'web'}"))
                        .toList(),
                List.of()));
        assertThat(explainer.explainAll())
                .extracting(finding -> finding.service().name())
                .containsExactly("a", "b");
    }

    @Test
    void aCodeIsTheReasonOfAnEvent() {
        assertThat(Code.SELECTOR_MATCHES_NO_POD.reason()).isEqualTo("SelectorMatchesNoPod");
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void everyCodeHasItsPage(Code code) throws Exception {
        assertThat(Files.readString(Path.of("..").resolve(code.page()))).contains(code.label());
    }
}
