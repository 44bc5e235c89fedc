package dev.fairway.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.IpFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    private static ClusterConfig parse(String yaml) {
        return ConfigReader.parse(yaml, "cluster.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment\n", "{}"})
    void nothingSaidMeansTheDefaults(String yaml) {
        assertThat(parse(yaml)).isEqualTo(Defaults.config(2));
    }

    @Test
    void aNumberOfNodesKeepsTheirUsualAddresses() {
        ClusterConfig config = parse("nodes: 3");
        assertThat(config.nodes())
                .extracting(ClusterConfig.NodeConfig::name)
                .containsExactly("node-1", "node-2", "node-3");
        assertThat(config.nodes().get(2).inside().getFirst()).hasToString("172.31.0.3");
        assertThat(config.families()).containsExactly(IpFamily.IPV4, IpFamily.IPV6);
    }

    @Test
    void theArticlesClusterIsValid() throws Exception {
        Path file = Path.of("..", "examples", "article", "cluster.yaml");
        ClusterConfig config = ConfigReader.parse(Files.readString(file), file.toString());
        assertThat(config.nodes().get(0).outside().getFirst()).hasToString("4.4.4.1");
        assertThat(config.nodes().get(1).inside().getFirst()).hasToString("1.1.1.2");
        assertThat(config.services().fixed().get("default/service-python")).hasToString("1.1.10.1");
        assertThat(config.hostAccess()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nodes: 0                                        | nodes: expected a number from 1 to 100, got 0
            nodes: []                                       | nodes: expected a number or a list of nodes, got []
            nodes: [1]                                      | nodes[0]: expected "name: value" lines, got 1
            nodes: [{name: a}]                              | nodes[0].pods: a block of IPv4 is required
            nodes: [{nam: a}]                               | nodes[0].name: a value is required
            name: Upper                                     | name: "Upper": expected at most 13 lower-case letters and digits
            name: a-b                                       | name: "a-b": expected at most 13 lower-case letters and digits
            hostAccess: maybe                               | hostAccess: expected true or false, got "maybe"
            apiPort: 70000                                  | apiPort: expected a number from 0 to 65535, got 70000
            inside: 10.0.0.0/8                              | inside: expected a list such as [a, b], got "10.0.0.0/8"
            inside: [10.0.0.1/8]                            | inside: "10.0.0.1/8" is not a valid CIDR
            services: {ranges: []}                          | services.ranges: expected one block, or one of each family, got []
            services: {ranges: [10.1.0.0/16, 10.2.0.0/16]}  | services.ranges: expected one block, or one of each family, got [10.1.0.0/16, 10.2.0.0/16]
            services: {nodePorts: 1-2-3}                    | services.nodePorts: expected a range such as 30000-32767, got "1-2-3"
            services: {fixed: {a/b: 1.2.3.4}}               | services.fixed.a/b: 1.2.3.4 is outside [10.96.0.0/16, fd00:10:96::/112]
            services: {fixed: {a/b: x}}                     | services.fixed: "x" is not a valid IP address
            dns: {domains: x}                               | dns.domains: unknown field; known here: addresses, domain, upstreams
            loadBalancerPools: [10.96.1.0/24]               | loadBalancerPools: 10.96.1.0/24 overlaps 10.96.0.0/16 of services.ranges
            """)
    void aWrongSettingIsNamed(String yaml, String says) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessage("cluster.yaml: " + says);
    }

    @ParameterizedTest
    @ValueSource(strings = {"just text", "[1, 2]", "a: [", "\t- x"})
    void textThatIsNoSettingsIsRefused(String yaml) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("cluster.yaml: ")
                .hasMessageNotContaining("\n");
    }
}
