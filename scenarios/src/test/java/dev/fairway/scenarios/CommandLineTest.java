package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bad input to the command line: one sentence that says what is wrong and what to do, and the documented exit code.
class CommandLineTest {

    @TempDir
    Path folder;

    private Run.Result refused(int exitCode, String... arguments) {
        Run.Result result = Cluster.fairway(arguments);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.err().lines().count()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).startsWith("fairway: ").doesNotContain("Exception");
        return result;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            up --nods 2                   | --nods
            up --nodes two                | --nodes
            up --nodes 0                  | expected 1 to 100
            up --store etc                | known: sqlite, memory
            up --nodes 2 --config x.yaml  | exclude each other
            up --config /no/such/file     | cannot read /no/such/file
            fly                           | fly
            outside                       | CMD
            status -o xml                 | known: json
            node                          | --kubeconfig
            node --cluster-cidr 10.0.0.1  | expected a block
            node --dns here               | expected an address
            node --detect-local-mode no   | known: ClusterCIDR
            node --detect-local-mode BridgeInterface | also give --pod-bridge-interface
            node --pod-bridge-interface b | BridgeInterface alone
            node --pods 10.1.0.0/24       | also give --node-ip and --cluster-cidr
            node --pods 10.1.0.0/24,10.2.0.0/24 | at most one block of each family
            node --node-ip 192.0.2.1      | --node-ip is for --pods alone
            trace --from node/a b         | expected SERVICE:PORT
            trace web:80                  | --from
            trace --from node/a web:70000  | expected SERVICE:PORT
            draw -o gif                   | known: svg, png, json, text
            draw --dark                   | for -o png alone
            draw web                      | write svc/NAME
            explain                       | name one Service with svc/NAME
            explain svc/web --all         | name one Service with svc/NAME
            draw -n shop -A               | exclude each other
            """)
    void badUsage(String line, String says) {
        String[] arguments = (line + " --state " + folder)
                .replace("fly --state " + folder, "fly")
                .split(" ");
        assertThat(refused(2, arguments).err()).contains(says);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nodse: 3                                  | nodse: unknown field
            nodes: many                               | nodes: expected a number or a list
            services: {ranges: [10.96.0.1/16]}        | services.ranges
            services: {ranges: [10.96.0.0/16], dns: 1} | services.dns: unknown field
            loadBalancerPools: [198.51.100.0/24]      | overlaps
            name: "Not A Name"                        | name
            services: {nodePorts: "9-1"}              | services.nodePorts
            """)
    void badSettings(String settings, String says) throws Exception {
        Path file = Files.writeString(folder.resolve("cluster.yaml"), settings + "\n");
        String[] arguments = {"up", "--config", file.toString(), "--state", folder + "/state"};
        assertThat(refused(2, arguments).err()).contains(says).contains("cluster.yaml");
    }

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Cluster cluster = Cluster.prepared("fwtport", 13);
            String settings = Files.readString(cluster.config());
            Files.writeString(
                    cluster.config(), settings.replaceAll("apiPort: \\d+", "apiPort: " + taken.getLocalPort()));
            try {
                Run.Result result = cluster.up();
                assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
                assertThat(result.err())
                        .contains("127.0.0.1:" + taken.getLocalPort())
                        .contains("apiPort");
            } finally {
                cluster.close();
            }
        }
    }

    @Test
    void aStateFolderOfANewerVersion() throws Exception {
        Files.writeString(folder.resolve("format"), "99\n");
        assertThat(refused(1, "up", "--state", folder.toString()).err())
                .contains("newer version")
                .contains("--state");
    }

    @Test
    void withoutRoot() {
        Run.Result result = Run.command(java.util.List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "env",
                "FAIRWAY_NO_BUILD=1",
                Rehearsed.LAUNCHER,
                "up",
                "--state",
                "/tmp/fwt-nobody"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(4);
        assertThat(result.err()).contains("needs root").contains("sudo");
    }

    @Test
    void helpAndCompletion() {
        assertThat(Cluster.fairway("--help").ok()).contains("up", "down", "status", "kubeconfig", "outside", "demo");
        assertThat(Cluster.fairway("up", "--help").ok()).contains("--nodes", "--config", "--state");
        assertThat(Cluster.fairway("completion").ok()).contains("complete -F");
        assertThat(Cluster.fairway("--version").ok()).startsWith("fairway ");
    }

    @Test
    void statusOfNothing() {
        Run.Result result = Cluster.fairway("status", "-o", "json", "--state", folder.toString());
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).contains("\"running\": false");
    }
}
