package dev.fairway.node.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.Credentials;
import dev.fairway.kernel.Isolation;
import dev.fairway.kernel.JoinSpec;
import dev.fairway.kernel.KernelProcess;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Route;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.Stdio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On the real kernel, in namespaces that the test makes and removes. Without access for the machine itself, whose
/// routes other programs may use at the same time.
@Timeout(120)
class MachineNetworkTest {

    private final String cluster = "fwtm" + ProcessHandle.current().pid();
    private final MachinePlan plan = MachinePlan.standard(cluster, 2, false);

    @AfterEach
    void remove() {
        MachineNetwork.remove(cluster);
    }

    @Test
    void everybodyReachesWhomTheyShould() throws Exception {
        Machine machine = MachineNetwork.apply(plan);
        NetworkNamespace node1 = machine.node("node-1");
        NetworkNamespace pod1 = addPod("pod-1", machine.node("node-1"), "10.244.1.2", "fd00:10:244:1::2");
        NetworkNamespace pod2 = addPod("pod-2", machine.node("node-2"), "10.244.2.2", "fd00:10:244:2::2");

        assertReaches(machine.outside(), "198.51.100.1", "198.51.100.2", "198.51.100.254");
        assertReaches(machine.outside(), "2001:db8:100::1", "2001:db8:100::2", "2001:db8:100::254");
        assertReaches(machine.edge(), "198.51.100.2", "198.51.100.200", "2001:db8:100::1", "2001:db8:100::200");
        assertReaches(node1, "172.31.0.2", "fd00:172:31::2", "10.244.2.1", "fd00:10:244:2::1", "10.96.0.10");
        assertReaches(pod1, "10.244.1.1", "fd00:10:244:1::1", "198.51.100.1", "172.31.0.1", "10.96.0.10");
        assertReaches(pod1, "10.244.2.2", "fd00:10:244:2::2", "172.31.0.2", "fd00:172:31::2", "fd00:10:96::a");
        assertReaches(pod2, "10.244.1.2", "fd00:10:244:1::2");
        assertDoesNotReach(machine.outside(), "10.244.1.2", "172.31.0.1", "fd00:10:244:1::2");
        assertDoesNotReach(pod1, "192.0.2.1", "203.0.113.9");
    }

    @Test
    void thePoolIsRoutedToTheEdge() throws Exception {
        Machine machine = MachineNetwork.apply(plan);
        try (Rtnetlink edge = Rtnetlink.open(machine.edge())) {
            edge.addAddress("lo", IpAddress.parse("203.0.113.7"), 32);
            edge.addAddress("lo", IpAddress.parse("2001:db8:203::7"), 128);
        }
        assertReaches(machine.outside(), "203.0.113.7", "2001:db8:203::7");
        assertReaches(machine.node("node-2"), "203.0.113.7", "2001:db8:203::7");
    }

    @Test
    void theSamePlanAgainChangesNothing() throws Exception {
        MachineNetwork.apply(plan);
        String before = state();
        assertThat(MachineNetwork.missing(plan)).isEmpty();

        MachineNetwork.apply(plan);

        assertThat(state()).isEqualTo(before);
    }

    @Test
    void damageIsRepaired() throws Exception {
        Machine machine = MachineNetwork.apply(plan);
        NetworkNamespace node1 = machine.node("node-1");
        try (Rtnetlink netlink = Rtnetlink.open(node1)) {
            netlink.deleteLink(Machine.INSIDE_LINK);
            netlink.setDown(Machine.POD_BRIDGE);
            netlink.removeAddress("lo", IpAddress.parse("10.96.0.10"), 32);
        }
        machine.node("node-2").delete();
        assertThat(MachineNetwork.missing(plan)).isNotEmpty();

        Machine repaired = MachineNetwork.apply(plan);

        assertThat(MachineNetwork.missing(plan)).isEmpty();
        assertReaches(node1, "172.31.0.2", "fd00:172:31::2", "10.96.0.10", "198.51.100.254");
        assertReaches(repaired.outside(), "198.51.100.2");
    }

    @Test
    void whatAnEarlierPlanLeftIsRemovedAndTheEdgesOwnAddressesStay() throws Exception {
        Machine machine = MachineNetwork.apply(plan);
        IpAddress balancer = IpAddress.parse("203.0.113.7");
        try (Rtnetlink edge = Rtnetlink.open(machine.edge());
                Rtnetlink node = Rtnetlink.open(machine.node("node-1"))) {
            edge.addAddress("lo", balancer, 32);
            node.addAddress(Machine.OUTSIDE_LINK, IpAddress.parse("198.51.100.77"), 24);
            node.addRoute(Route.via(
                    dev.fairway.address.Cidr.parse("10.244.9.0/24"),
                    IpAddress.parse("172.31.0.2"),
                    Machine.INSIDE_LINK));

            MachineNetwork.apply(MachinePlan.standard(cluster, 1, false));

            assertThat(NetworkNamespace.find(cluster + "-node-2")).isEmpty();
            assertThat(edge.addresses()).anyMatch(address -> address.address().equals(balancer));
            assertThat(node.addresses())
                    .noneMatch(address -> address.address().equals(IpAddress.parse("198.51.100.77")));
            assertThat(node.routes())
                    .noneMatch(route -> route.gateway()
                            .equals(plan.nodes().get(1).inside().stream().findFirst()));
        }
    }

    @Test
    void removeLeavesNothingNotEvenProcesses() throws Exception {
        String linksBefore = run("ip", "-j", "link");
        String mountsBefore = mounts();
        Machine machine = MachineNetwork.apply(plan);
        KernelProcess process = KernelProcess.join(new JoinSpec(
                new JoinSpec.Place.Apart(Isolation.of(machine.outside())),
                List.of("sleep", "60"),
                Map.of(),
                Path.of("/"),
                Credentials.ROOT,
                new Stdio.Pipes()));
        NetworkNamespace.create(cluster + "-pod-left-by-a-crash");

        MachineNetwork.remove(cluster);

        assertThat(process.exitCode().get(5, TimeUnit.SECONDS)).isEqualTo(137);
        assertThat(NetworkNamespace.list()).noneMatch(name -> name.startsWith(cluster));
        assertThat(mounts()).isEqualTo(mountsBefore).doesNotContain(cluster);
        assertThat(names(run("ip", "-j", "link"))).isEqualTo(names(linksBefore));
        MachineNetwork.remove(cluster); // may be absent
    }

    @Test
    void anotherClusterIsLeftAlone() {
        String other = cluster + "b";
        NetworkNamespace stranger = NetworkNamespace.create(other + "-edge");
        try {
            MachineNetwork.apply(plan);
            MachineNetwork.remove(cluster);
            assertThat(NetworkNamespace.find(other + "-edge")).contains(stranger);
        } finally {
            stranger.delete();
        }
    }

    @Test
    void aMachineThatUsesTheAddressesItselfIsToldSo() throws Exception {
        // this machine's own address, whatever it is, as the outside network
        try (Rtnetlink host = Rtnetlink.open(NetworkNamespace.host())) {
            var own = host.addresses().stream()
                    .filter(address ->
                            address.address().isV4() && !address.address().isLoopback())
                    .filter(address -> address.prefix() <= 29)
                    .findFirst()
                    .orElseThrow();
            MachinePlan clash = new MachinePlan(
                    cluster,
                    List.of(),
                    List.of(own.network()),
                    List.of(),
                    List.of(),
                    List.of(own.network().at(4)),
                    List.of(own.network().at(5)),
                    List.of(),
                    List.of());

            assertThatThrownBy(() -> MachineNetwork.apply(clash))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("network " + own.network() + " of the cluster overlaps address " + own
                            + " of this machine; choose other addresses in the config, or turn host access off");
            assertThat(NetworkNamespace.list()).noneMatch(name -> name.startsWith(cluster));
        }
    }

    private NetworkNamespace addPod(String name, NetworkNamespace node, String v4, String v6) {
        NetworkNamespace pod = NetworkNamespace.create(cluster + "-" + name);
        try (Rtnetlink inNode = Rtnetlink.open(node);
                Rtnetlink inPod = Rtnetlink.open(pod)) {
            inNode.addVeth("veth-" + name, "eth0", pod);
            inNode.setMaster("veth-" + name, Machine.POD_BRIDGE);
            inNode.setUp("veth-" + name);
            inPod.setUp("lo");
            for (IpAddress address : List.of(IpAddress.parse(v4), IpAddress.parse(v6))) {
                inPod.addAddress("eth0", address, address.isV4() ? 24 : 64);
            }
            inPod.setUp("eth0");
            inPod.addRoute(Route.byDefault(IpAddress.parse(v4).plus(-1), "eth0"));
            inPod.addRoute(Route.byDefault(IpAddress.parse(v6).plus(-1), "eth0"));
        }
        return pod;
    }

    private static void assertReaches(NetworkNamespace from, String... addresses) throws Exception {
        for (String address : addresses) {
            assertThat(ping(from, address)).as(from + " reaches " + address).isTrue();
        }
    }

    private static void assertDoesNotReach(NetworkNamespace from, String... addresses) throws Exception {
        for (String address : addresses) {
            assertThat(ping(from, address)).as(from + " reaches " + address).isFalse();
        }
    }

    private static boolean ping(NetworkNamespace from, String address) throws Exception {
        Process ping = new ProcessBuilder("ip", "netns", "exec", from.name(), "ping", "-c1", "-W2", address)
                .redirectErrorStream(true)
                .start();
        ping.getInputStream().readAllBytes();
        return ping.waitFor() == 0;
    }

    /// Links with their numbers, addresses and routes of the whole cluster.
    private String state() throws Exception {
        StringBuilder state = new StringBuilder();
        for (String namespace : NetworkNamespace.list()) {
            if (namespace.startsWith(cluster)) {
                state.append(namespace).append(run("ip", "-n", namespace, "-o", "link"));
                state.append(run("ip", "-n", namespace, "-4", "addr"));
                state.append(run("ip", "-n", namespace, "route"));
                state.append(run("ip", "-n", namespace, "-6", "route"));
            }
        }
        return state.toString();
    }

    private static List<String> names(String linksAsJson) {
        return java.util.regex.Pattern.compile("\"ifname\":\"(eth[^\"]*|lo|fwtm[^\"]*)\"")
                .matcher(linksAsJson)
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    /// Without those of other programs that work at the same time.
    private String mounts() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.filter(line -> !line.contains("/run/netns") || line.contains(cluster))
                    .map(line -> line.substring(line.indexOf('/')))
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
        return output;
    }
}
