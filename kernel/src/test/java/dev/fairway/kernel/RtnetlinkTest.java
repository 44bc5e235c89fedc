package dev.fairway.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// On the real kernel, in two fresh namespaces, with the `ip` command as a second opinion.
class RtnetlinkTest {

    private final String leftName = "fwt-left-" + ProcessHandle.current().pid();
    private final String rightName = "fwt-right-" + ProcessHandle.current().pid();
    private final NetworkNamespace left = NetworkNamespace.create(leftName);
    private final NetworkNamespace right = NetworkNamespace.create(rightName);
    private Rtnetlink links = Rtnetlink.open(left);
    private Rtnetlink peers = Rtnetlink.open(right);

    @BeforeEach
    void connect() {
        links.addVeth("eth0", "eth1", right);
    }

    @AfterEach
    void delete() {
        links.close();
        peers.close();
        left.delete();
        right.delete();
    }

    @Test
    void aNewVethIsDownWithOneEndInEachNamespace() throws Exception {
        Link eth0 = links.link("eth0").orElseThrow();

        assertThat(eth0.kind()).isEqualTo("veth");
        assertThat(eth0.up()).isFalse();
        assertThat(eth0.mtuBytes()).isEqualTo(1500);
        assertThat(eth0.master()).isEmpty();
        assertThat(ip("link", "show", "eth0")).contains(eth0.hardwareAddress()).startsWith(eth0.index() + ": eth0@");
        assertThat(links.links()).extracting(Link::name).containsExactly("lo", "eth0");
        assertThat(peers.links()).extracting(Link::name).containsExactly("lo", "eth1");
    }

    @Test
    void flagsMtuAndMasterChange() throws Exception {
        links.addBridge("pods");
        links.setMaster("eth0", "pods");
        links.setMtu("eth0", 1400);
        links.setUp("eth0");
        assertThat(links.link("eth0").orElseThrow())
                .extracting(Link::up, Link::mtuBytes, Link::master)
                .containsExactly(true, 1400, Optional.of("pods"));
        assertThat(links.links()).contains(links.link("eth0").orElseThrow());
        assertThat(ip("link", "show", "eth0")).contains("mtu 1400", "master pods", "UP");
        assertThat(links.link("pods").orElseThrow().kind()).isEqualTo("bridge");

        links.setUp("eth0"); // already so
        links.setDown("eth0");
        assertThat(links.link("eth0").orElseThrow().up()).isFalse();
    }

    @Test
    void aBridgeKeepsItsHardwareAddressWhenPortsCome() {
        links.addBridge("pods");
        String before = links.link("pods").orElseThrow().hardwareAddress();
        links.setMaster("eth0", "pods");
        assertThat(links.link("pods").orElseThrow().hardwareAddress())
                .isEqualTo(before)
                .startsWith("02:");
    }

    @Test
    void deletingAVethTakesItsPeerAlong() {
        links.deleteLink("eth0");
        assertThat(links.link("eth0")).isEmpty();
        assertThat(peers.link("eth1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 24, inet 10.1.2.3/24 scope global eth0",
        "10.1.2.3, 32, inet 10.1.2.3/32 scope global eth0",
        "fd00:1::3, 64, inet6 fd00:1::3/64 scope global nodad",
    })
    void addressesComeAndGo(String text, int prefix, String shown) throws Exception {
        IpAddress address = IpAddress.parse(text);
        links.setUp("eth0");

        links.addAddress("eth0", address, prefix);

        assertThat(links.addresses()).contains(new LinkAddress("eth0", address, prefix));
        assertThat(ip("addr", "show", "eth0")).contains(shown);

        links.removeAddress("eth0", address, prefix);
        links.removeAddress("eth0", address, prefix); // may be absent
        assertThat(links.addresses()).extracting(LinkAddress::address).doesNotContain(address);
    }

    @Test
    void anIpv6AddressIsUsableAtOnce() throws Exception {
        dualStack();
        assertThat(Shell.run("ip", "netns", "exec", leftName, "ping", "-c1", "-W2", "fd00:1::2"))
                .contains("1 received");
        assertThat(Shell.run("ip", "netns", "exec", leftName, "ping", "-c1", "-W2", "10.1.0.2"))
                .contains("1 received");
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.0/16, 10.1.0.2, 10.9.0.0/16 via 10.1.0.2 proto static",
        "10.9.0.0/16, '', 10.9.0.0/16 proto static scope link",
        "0.0.0.0/0, 10.1.0.2, default via 10.1.0.2 proto static",
        "fd00:9::/48, fd00:1::2, fd00:9::/48 via fd00:1::2 proto static metric 1024",
        "fd00:9::/48, '', fd00:9::/48 proto static metric 1024",
        "::/0, fd00:1::2, default via fd00:1::2 proto static metric 1024",
    })
    void routesComeAndGo(String destination, String gateway, String shown) throws Exception {
        dualStack();
        Route route = new Route(Cidr.parse(destination), IpAddress.tryParse(gateway), "eth0");

        links.addRoute(route);

        assertThat(links.routes()).contains(route);
        String family = route.destination().base().isV6() ? "-6" : "-4";
        assertThat(ip(family, "route", "show", "dev", "eth0")).contains(shown);

        links.removeRoute(route);
        links.removeRoute(route); // may be absent
        assertThat(links.routes()).doesNotContain(route);
    }

    @Test
    void replacingARouteLeavesOne() {
        dualStack();
        Cidr destination = Cidr.parse("10.9.0.0/16");
        links.replaceRoute(Route.via(destination, IpAddress.parse("10.1.0.2"), "eth0"));
        links.replaceRoute(Route.via(destination, IpAddress.parse("10.1.0.3"), "eth0"));
        assertThat(links.routes().stream().filter(route -> route.destination().equals(destination)))
                .containsExactly(Route.via(destination, IpAddress.parse("10.1.0.3"), "eth0"));
    }

    @Test
    void bothPathsOfAMultipathRouteAreListed() throws Exception {
        dualStack();
        ip("route", "add", "10.9.0.0/16", "nexthop", "via", "10.1.0.2", "nexthop", "via", "10.1.0.3");
        assertThat(links.routes())
                .contains(
                        Route.via(Cidr.parse("10.9.0.0/16"), IpAddress.parse("10.1.0.2"), "eth0"),
                        Route.via(Cidr.parse("10.9.0.0/16"), IpAddress.parse("10.1.0.3"), "eth0"));
    }

    @Test
    void refusalsNameOperationObjectAndErrno() {
        dualStack();
        IpAddress own = IpAddress.parse("10.1.0.1");
        Route unreachable = Route.via(Cidr.parse("10.9.0.0/16"), IpAddress.parse("172.16.0.1"), "eth0");

        assertThatThrownBy(() -> links.addBridge("eth0")).hasMessage("add bridge eth0: EEXIST");
        assertThatThrownBy(() -> links.addAddress("eth0", own, 24))
                .hasMessageStartingWith("add address 10.1.0.1/24 dev eth0: EEXIST");
        assertThatThrownBy(() -> links.addAddress("none", own, 24))
                .hasMessage("add address 10.1.0.1 to none: ENODEV (no such link in namespace " + leftName + ")");
        assertThatThrownBy(() -> links.deleteLink("none")).hasMessageStartingWith("delete link none: ENODEV");
        assertThatThrownBy(() -> links.addRoute(unreachable))
                .hasMessage("add route 10.9.0.0/16 via 172.16.0.1 dev eth0: ENETUNREACH"
                        + " (Nexthop has invalid gateway)");
        assertThatThrownBy(() -> links.setMtu("eth0", 1)).hasMessageStartingWith("set mtu 1 of eth0: EINVAL (mtu less");
    }

    @Test
    void hundredsOfLinksComeInOneDump() {
        for (int i = 0; i < 300; i++) {
            links.addBridge("br" + i);
        }
        assertThat(links.links()).hasSize(302);
    }

    @Test
    void sysctlsBelongToTheNamespace() {
        String forwarding = "net.ipv4.conf.eth0.forwarding";
        Sysctl.write(left, forwarding, "1");
        assertThat(Sysctl.read(left, forwarding)).contains("1");
        assertThat(Sysctl.read(right, "net.ipv4.conf.eth1.forwarding")).contains("0");
        assertThat(Sysctl.read(right, forwarding)).isEmpty();
        assertThatThrownBy(() -> Sysctl.write(right, forwarding, "1"))
                .hasMessage("write sysctl net.ipv4.conf.eth0.forwarding: ENOENT");
        assertThatThrownBy(() -> Sysctl.write(left, forwarding, "perhaps"))
                .hasMessageStartingWith("write sysctl net.ipv4.conf.eth0.forwarding = perhaps: EINVAL");
    }

    private void dualStack() {
        peers.addAddress("eth1", IpAddress.parse("10.1.0.2"), 24);
        peers.addAddress("eth1", IpAddress.parse("fd00:1::2"), 64);
        peers.setUp("eth1");
        links.addAddress("eth0", IpAddress.parse("10.1.0.1"), 24);
        links.addAddress("eth0", IpAddress.parse("fd00:1::1"), 64);
        links.setUp("eth0");
    }

    private String ip(String... words) throws Exception {
        String[] command = new String[words.length + 3];
        command[0] = "ip";
        command[1] = "-n";
        command[2] = leftName;
        System.arraycopy(words, 0, command, 3, words.length);
        return Shell.run(command);
    }
}
