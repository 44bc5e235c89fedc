package dev.fairway.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPoolTest {

    private final AddressPool empty =
            AddressPool.of(List.of(Cidr.parse("203.0.113.0/30"), Cidr.parse("2001:db8:203::/112")));

    @Test
    void theLowestFreeAddressIsGiven() {
        AddressPool pool = empty.assign(asks("a"), List.of()).assign(asks("b"), List.of());

        assertThat(pool.of("a")).containsExactly(IpAddress.parse("203.0.113.1"));
        assertThat(pool.of("b")).containsExactly(IpAddress.parse("203.0.113.2"));
        assertThat(pool.release("a").assign(asks("c"), List.of()).of("c"))
                .containsExactly(IpAddress.parse("203.0.113.1"));
    }

    @Test
    void aReservedAddressGoesOnlyToWhoeverWantsIt() {
        List<IpAddress> reserved = List.of(IpAddress.parse("203.0.113.1"));

        assertThat(empty.assign(asks("a"), reserved).of("a")).containsExactly(IpAddress.parse("203.0.113.2"));
        assertThat(empty.assign(asks("a", "203.0.113.1"), reserved).of("a")).isEqualTo(reserved);
    }

    @Test
    void bothFamiliesGetOne() {
        AddressPool pool = empty.assign(
                new LoadBalancer("a", List.of(IpFamily.IPV6, IpFamily.IPV4), List.of(), List.of()), List.of());

        assertThat(pool.of("a")).containsExactly(IpAddress.parse("203.0.113.1"), IpAddress.parse("2001:db8:203::1"));
    }

    @Test
    void askingAgainChangesNothing() {
        AddressPool pool = empty.assign(asks("a", "203.0.113.2"), List.of());

        assertThat(pool.assign(asks("a"), List.of())).isEqualTo(pool);
        assertThat(pool.assign(asks("a", "203.0.113.2"), List.of())).isEqualTo(pool);
        assertThat(pool.assign(asks("a", "203.0.113.1"), List.of()).of("a"))
                .containsExactly(IpAddress.parse("203.0.113.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c |             | pool 203.0.113.0/30 is exhausted (2 of 2 in use)",
                "c | 203.0.113.1 | the address is in use by a",
                "c | 198.51.100.9 | the address is in no pool (203.0.113.0/30, 2001:db8:203::/112)",
            })
    void whatCannotBeGivenIsSaid(String name, String wanted, String message) {
        AddressPool full = empty.assign(asks("a"), List.of()).assign(asks("b"), List.of());

        assertThatThrownBy(() -> full.assign(wanted == null ? asks(name) : asks(name, wanted), List.of()))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aFamilyWithoutPoolIsSaid() {
        AddressPool pool = AddressPool.of(List.of(Cidr.parse("2001:db8:203::/112")));

        assertThatThrownBy(() -> pool.assign(asks("a"), List.of())).hasMessageContaining("there is no IPv4 pool");
    }

    private static LoadBalancer asks(String name, String... wanted) {
        List<IpAddress> addresses = Arrays.stream(wanted).map(IpAddress::parse).toList();
        return new LoadBalancer(name, List.of(IpFamily.IPV4), addresses, List.of());
    }
}
