package dev.fairway.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsNameTest {

    @ParameterizedTest
    @CsvSource({"web.Default, web.default.", "web., web.", "., .", "a_b.c-d, a_b.c-d.", "'a b', a\\032b."})
    void readsAndWritesText(String text, String written) {
        assertThat(DnsName.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a..b", ".a", "bücher.example"})
    void refusesWhatIsNoName(String text) {
        assertThat(DnsName.tryParse(text)).isEmpty();
        assertThatThrownBy(() -> DnsName.parse(text)).hasMessageContaining("is no domain name");
    }

    @Test
    void labelsHaveAtMost63BytesAndNames255() {
        assertThat(DnsName.tryParse("a".repeat(63))).isPresent();
        assertThat(DnsName.tryParse("a".repeat(64))).isEmpty();
        assertThat(DnsName.tryParse("a.".repeat(127))).isPresent();
        assertThat(DnsName.tryParse("a.".repeat(128))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "web.cluster.local, cluster.local, true",
        "cluster.local, cluster.local, true",
        "xcluster.local, cluster.local, false",
        "local, cluster.local, false",
        "cluster.local, ., true"
    })
    void knowsWhatIsBelow(String name, String parent, boolean within) {
        assertThat(DnsName.parse(name).isWithin(DnsName.parse(parent))).isEqualTo(within);
    }

    @Test
    void isTakenApartAndPutTogether() {
        DnsName name = DnsName.parse("a.b.c");

        assertThat(name.labelCount()).isEqualTo(3);
        assertThat(name.label(1)).isEqualTo("b");
        assertThat(name.suffix(1)).isEqualTo(DnsName.parse("b.c"));
        assertThat(name.suffix(3)).isEqualTo(DnsName.ROOT);
        assertThat(name.suffix(1).child("A")).isEqualTo(name);
    }
}
