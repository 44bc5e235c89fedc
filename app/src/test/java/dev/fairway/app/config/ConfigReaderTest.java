package dev.fairway.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpFamily;
import dev.fairway.node.ProxySpec.Forwarding;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.node.ProxySpec.PodDetection;
import dev.fairway.node.pod.ImageMap;
import dev.fairway.node.pod.ImageMap.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    @Test
    void imagesAreBuiltInProgramsOrFolders() {
        ImageMap images = parse("""
            images:
              nginx: fairway.dev/echo
              "*/agnhost": /bin/sh
              tools: /usr
              server: {program: /bin/cat, arguments: [-u], environment: {A: b}, workingDirectory: /tmp, user: "5:6"}
            """).images();
        assertThat(images.find("nginx:1")).contains(Image.ECHO);
        assertThat(images.find("registry.k8s.io/e2e-test-images/agnhost:2.53"))
                .contains(Image.Files.ofProgram(Path.of("/bin/sh")));
        assertThat(images.find("tools")).contains(Image.Files.ofRoot(Path.of("/usr")));
        assertThat(images.find("docker.io/server:3"))
                .contains(new Image.Files(
                        Path.of("/"),
                        Optional.of(Path.of("/bin/cat")),
                        List.of("/cat"),
                        List.of("-u"),
                        new TreeMap<>(Map.of("A", "b")),
                        "/tmp",
                        "5:6"));
    }

    @Test
    void nodePortsAnswerOnPrimaryAddressesOrInBlocks() {
        assertThat(parse("forwarding: {nodePortAddresses: [primary], localhostNodePorts: true}")
                        .forwarding())
                .isEqualTo(new Forwarding(new NodePortAddresses.Primary(), true, new PodDetection.ByBlocks(), false));
        assertThat(parse("forwarding: {nodePortAddresses: [172.31.0.0/24], detectLocalMode: BridgeInterface}")
                        .forwarding())
                .isEqualTo(new Forwarding(
                        new NodePortAddresses.Within(List.of(Cidr.parse("172.31.0.0/24"))),
                        false,
                        new PodDetection.ByLink("pods"),
                        false));
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
        forwarding: {detectLocalMode: Guess}            | forwarding.detectLocalMode: unknown mode "Guess"; known: ClusterCIDR, NodeCIDR, BridgeInterface
        forwarding: {nodePortAddresses: [first]}        | forwarding.nodePortAddresses: "first" is not a valid CIDR
        forwarding: {masqueradeAll: 1}                  | forwarding.masqueradeAll: expected true or false, got 1
        dns: {domains: x}                               | dns.domains: unknown field; known here: addresses, domain, upstreams
        images: {a: b}                                  | images.a: "b" is neither a built-in image (fairway.dev/echo, fairway.dev/pause, fairway.dev/host) nor a path that begins with /
        images: {a: /not/there}                         | images.a: /not/there is not a program of this machine
        images: {a: {program: /etc}}                    | images.a.program: /etc is not a program of this machine
        images: {a: {root: /bin/sh}}                    | images.a.root: /bin/sh is not a folder of this machine
        images: {a: {user: root}}                       | images.a.user: expected a number such as 1000 or 1000:1000 in quotes, got "root"
        images: {a: {path: /}}                          | images.a.path: unknown field; known here: arguments, entryPoint, environment, program, root, user, workingDirectory
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
