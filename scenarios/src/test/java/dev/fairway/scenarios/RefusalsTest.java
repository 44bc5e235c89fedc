package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests that must be refused: kubectl prints the field and the reason, and nothing is left behind.
class RefusalsTest {

    private static Cluster cluster;
    private String before = "";

    @BeforeAll
    static void start() {
        cluster = Cluster.started("fwtrefusals", 12);
        cluster.kubectl("create", "service", "nodeport", "holder", "--tcp=80", "--node-port=30100")
                .ok();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void remember() {
        before = everything();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(everything()).isEqualTo(before);
    }

    private static String everything() {
        return cluster.kubectl("get", "svc,endpoints,endpointslices", "-A", "-o", "name")
                .ok();
    }

    private static Run.Result refused(String yaml) {
        Run.Result result = cluster.apply(yaml);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).doesNotContain("Exception").doesNotContain("at dev.fairway");
        return result;
    }

    private static String service(String name, String spec) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + "}\nspec: {" + spec + "}\n";
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            type: NodePort, ports: [{port: 80, nodePort: 80}]         | spec.ports[0].nodePort | provided port is not in the valid range. The range of valid ports is 30000-32767
            type: NodePort, ports: [{port: 80, nodePort: 30100}]      | spec.ports[0].nodePort | provided port is already allocated
            clusterIP: 10.96.0.10, ports: [{port: 80}]                | spec.clusterIPs        | provided IP is already allocated
            clusterIP: 192.0.2.1, ports: [{port: 80}]                 | spec.clusterIPs        | the provided network does not match the current range
            ports: [{port: 80}, {port: 81}]                           | spec.ports[0].name     | Required value
            type: Fancy, ports: [{port: 80}]                          | spec.type              | Unsupported value: "Fancy"
            ports: [{port: 80}], selector: {run: "not valid!"}        | spec.selector          | Invalid value
            ports: [{port: 80}], prots: []                            | spec.prots             | unknown field "spec.prots"
            ports: [{port: 0}]                                        | spec.ports[0].port     | must be between 1 and 65535
            """)
    void aBadServiceNamesItsField(String spec, String field, String reason) {
        Run.Result result = refused(service("wrong", spec));
        assertThat(result.err()).contains(field).contains(reason);
    }

    @Test
    void aNameThatIsTooLong() {
        Run.Result result = refused(service("n".repeat(64), "ports: [{port: 80}]"));
        assertThat(result.err()).contains("metadata.name").contains("must be no more than 63");
    }

    @Test
    void fourMebibytesOfYaml() {
        String filler = "# " + "x".repeat(120) + "\n";
        String yaml = "apiVersion: v1\nkind: Service\nmetadata: {name: big, annotations: {filler: \""
                + "y".repeat(4 * 1024 * 1024) + "\"}}\nspec: {ports: [{port: 80}]}\n" + filler;
        Run.Result result = cluster.kubectl(List.of("create", "-f", "-"), yaml);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).containsIgnoringCase("too large");
    }

    @Test
    void brokenJson() {
        Run.Result result = cluster.kubectl(
                List.of("create", "--raw", "/api/v1/namespaces/default/services", "-f", "-"),
                "{\"apiVersion\": \"v1\", \"kind\": \"Service\", ");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).containsIgnoringCase("json");
    }

    @Test
    void changingTheClusterIp() {
        Run.Result result = cluster.kubectl(
                "patch", "svc", "holder", "--type=merge", "-p", "{\"spec\":{\"clusterIP\":\"10.96.77.77\"}}");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("spec.clusterIPs[0]").contains("may not change once set");
    }
}
