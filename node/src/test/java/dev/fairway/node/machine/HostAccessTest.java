package dev.fairway.node.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Rtnetlink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The machine's own access to the cluster. A second JVM, started in a namespace of its own, takes that namespace for
/// the machine, so that the real one is not touched.
@Timeout(120)
class HostAccessTest {

    private final String cluster = "fwth" + ProcessHandle.current().pid();
    private final NetworkNamespace host = NetworkNamespace.create("fwt-host-" + cluster);

    @BeforeEach
    void loopback() {
        try (Rtnetlink netlink = Rtnetlink.open(host)) {
            netlink.setUp("lo");
        }
    }

    @AfterEach
    void remove() {
        MachineNetwork.remove(cluster);
        host.delete();
    }

    /// What the second JVM does: `apply` or `remove`.
    static final class Deed {

        private Deed() {}

        public static void main(String[] arguments) {
            String cluster = arguments[1];
            switch (arguments[0]) {
                case "apply" -> MachineNetwork.apply(MachinePlan.standard(cluster, 1, true));
                case "close" -> MachineNetwork.apply(MachinePlan.standard(cluster, 1, false));
                case "remove" -> MachineNetwork.remove(cluster);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    @Test
    void theMachineReachesNodesAndPoolAndLosesAllOfItAgain() throws Exception {
        deed("apply");
        try (Rtnetlink edge =
                Rtnetlink.open(NetworkNamespace.find(cluster + "-edge").orElseThrow())) {
            edge.addAddress("lo", IpAddress.parse("203.0.113.7"), 32);
            edge.addAddress("lo", IpAddress.parse("2001:db8:203::7"), 128);
        }
        for (String address :
                new String[] {"198.51.100.1", "2001:db8:100::1", "203.0.113.7", "2001:db8:203::7", "198.51.100.254"}) {
            run("ip", "netns", "exec", host.name(), "ping", "-c1", "-W2", address);
        }
        deed("apply"); // its own link and routes are no conflict

        deed("close");
        assertThat(run("ip", "-n", host.name(), "link")).doesNotContain(cluster);
        deed("apply");
        deed("remove");

        assertThat(run("ip", "-n", host.name(), "link")).doesNotContain(cluster);
        assertThat(run("ip", "-n", host.name(), "route")).isEmpty();
        assertThat(NetworkNamespace.list()).noneMatch(name -> name.startsWith(cluster + "-"));
    }

    @Test
    void withoutIpv6TheMachineGetsItsIpv4Address() throws Exception {
        run("ip", "netns", "exec", host.name(), "sysctl", "-w", "net.ipv6.conf.default.disable_ipv6=1");
        deed("apply");
        run("ip", "netns", "exec", host.name(), "ping", "-c1", "-W2", "198.51.100.1");
    }

    private void deed(String verb) throws Exception {
        String path = System.getProperty("jdk.module.path", "") + ":" + System.getProperty("java.class.path", "");
        run(
                "nsenter", // not ip netns exec, whose mounts, and so its namespaces, nobody else sees
                "--net=" + host.path(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "test-classes") + ":" + Path.of("target", "classes") + ":" + path,
                Deed.class.getName(),
                verb,
                cluster);
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
        return output;
    }
}
