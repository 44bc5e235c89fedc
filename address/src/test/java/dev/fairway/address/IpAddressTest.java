package dev.fairway.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.96.0.1,                10.96.0.1",
        "255.255.255.255,          255.255.255.255",
        "::,                       ::",
        "::1,                      ::1",
        "FD00:0:0::1,              fd00::1",
        "2001:db8:0:1:0:0:0:1,     2001:db8:0:1::1",
        "2001:0:0:1:0:0:0:1,       2001:0:0:1::1",
        "2001:db8:0:1:1:1:1:1,     2001:db8:0:1:1:1:1:1",
        "64:ff9b::1.2.3.4,         64:ff9b::102:304",
        "1:2:3:4:5:6:7::,          1:2:3:4:5:6:7:0",
    })
    void textIsCanonical(String text, String canonical) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).isEqualTo(address);
        assertThat(IpAddress.of(address.toBytes())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "256.1.1.1",
                "1.2.3.-4",
                "a.b.c.d",
                ":",
                ":::",
                "1::2::3",
                "12345::",
                "fe80::1%eth0",
                "::ffff:10.0.0.1",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7",
                "::1.2.3"
            })
    void otherTextIsRefused(String text) {
        assertThat(IpAddress.tryParse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.255,          1,  10.0.1.0",
        "10.0.1.0,           -1,  10.0.0.255",
        "fd00::ffff,          1,  fd00::1:0",
        "0:0:0:1::,          -1,  ::ffff:ffff:ffff:ffff",
        "::ffff:ffff:ffff:ffff, 1, 0:0:0:1::",
    })
    void plusCarries(String from, long offset, String to) {
        assertThat(IpAddress.parse(from).plus(offset)).isEqualTo(IpAddress.parse(to));
    }

    @ParameterizedTest
    @CsvSource({
        "10.96.0.0/16,   10.96.255.255, true",
        "10.96.0.0/16,   10.97.0.0,     false",
        "fd00::/112,     fd00::ffff,    true",
        "fd00::/112,     fd00::1:0,     false",
        "0.0.0.0/0,      1.2.3.4,       true",
        "0.0.0.0/0,      ::1,           false",
    })
    void blockContains(String block, String address, boolean expected) {
        assertThat(Cidr.parse(block).contains(IpAddress.parse(address))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1/8", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "x/8", "/8"})
    void blockWithHostBitsOrBadTextIsRefused(String text) {
        assertThat(Cidr.tryParse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10.96.0.0/16, 10.96.255.255, 65536", "fd00::/112, fd00::ffff, 65536", "10.0.0.0/30, 10.0.0.3, 4"})
    void blockHasLastAndSize(String block, String last, long size) {
        assertThat(Cidr.parse(block).last()).hasToString(last);
        assertThat(Cidr.parse(block).sizeClamped()).isEqualTo(size);
    }
}
