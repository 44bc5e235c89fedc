package dev.fairway.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The bytes that leave for the kernel, word by word, on a little-endian machine.
class RouteRequestsTest {

    private final RouteRequests requests = new RouteRequests(7);

    @BeforeEach
    void littleEndian() {
        assumeThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void listLinks() {
        assertThat(words(requests.listLinks())).isEqualTo("""
                20000000 12000103 07000000 00000000
                00000000 00000000 00000000 00000000
                """);
    }

    /// `ip link add b0 address 02:00:00:00:00:01 type bridge`
    @Test
    void addBridge() {
        assertThat(words(requests.addBridge("b0", new byte[] {2, 0, 0, 0, 0, 1})))
                .isEqualTo("""
                44000000 10000506 07000000 00000000
                00000000 00000000 00000000 00000000
                07000300 62300000 0a000100 02000000
                00010000 10001280 0b000100 62726964
                67650000
                """);
    }

    /// `ip link add v0 type veth peer name p0 netns /proc/self/fd/5`
    @Test
    void addVeth() {
        assertThat(words(requests.addVeth("v0", "p0", 5))).isEqualTo("""
                60000000 10000506 07000000 00000000
                00000000 00000000 00000000 00000000
                07000300 76300000 38001280 09000100
                76657468 00000000 28000280 24000180
                00000000 00000000 00000000 00000000
                07000300 70300000 08001c00 05000000
                """);
    }

    /// `ip address add 10.1.0.1/24 dev eth0`, eth0 being link 3
    @Test
    void addAddressOfVersion4() {
        assertThat(words(requests.addAddress(3, IpAddress.parse("10.1.0.1"), 24)))
                .isEqualTo("""
                28000000 14000506 07000000 00000000
                02180000 03000000 08000200 0a010001
                08000100 0a010001
                """);
    }

    /// `ip address add fd00:1::1/64 dev eth0 nodad`
    @Test
    void addAddressOfVersion6() {
        assertThat(words(requests.addAddress(3, IpAddress.parse("fd00:1::1"), 64)))
                .isEqualTo("""
                48000000 14000506 07000000 00000000
                0a400000 03000000 14000200 fd000001
                00000000 00000000 00000001 14000100
                fd000001 00000000 00000000 00000001
                08000800 02000000
                """);
    }

    /// `ip route replace 10.9.0.0/16 via 10.1.0.2 dev eth0 proto static`
    @Test
    void replaceRoute() {
        Route route = Route.via(Cidr.parse("10.9.0.0/16"), IpAddress.parse("10.1.0.2"), "eth0");
        assertThat(words(requests.replaceRoute(route, 3))).isEqualTo("""
                34000000 18000505 07000000 00000000
                02100000 fe040001 00000000 08000100
                0a090000 08000500 0a010002 08000400
                03000000
                """);
    }

    /// `ip route delete default via 10.1.0.2 dev eth0`
    @Test
    void removeDefaultRoute() {
        assertThat(words(requests.removeRoute(Route.byDefault(IpAddress.parse("10.1.0.2"), "eth0"), 3)))
                .isEqualTo("""
                2c000000 19000500 07000000 00000000
                02000000 fe00ff01 00000000 08000500
                0a010002 08000400 03000000
                """);
    }

    /// Words of four bytes, four to a line.
    private static String words(byte[] message) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < message.length; at += 4) {
            text.append(HexFormat.of().formatHex(message, at, at + 4));
            text.append(at % 16 == 12 || at + 4 == message.length ? '\n' : ' ');
        }
        return text.toString();
    }
}
