package dev.fairway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {

    /// Backends a, b, c with these weights, and who has the slots.
    @ParameterizedTest
    @CsvSource({
        "1 1 1, a b c",
        "7 7, a b",
        "2 1, a b a",
        "4 2, a b a",
        "3 1 2, a c a b c a",
        "0 1 1, b c",
        "0 5, b",
        "0 0, a b",
        "1, a",
    })
    void eachGetsSlotsInProportion(String weights, String slots) {
        assertThat(names(Weights.shares(backends(weights)))).isEqualTo(slots);
    }

    @Test
    void manyHeavyBackendsFitIntoTheSlotsThereAre() {
        List<Backend> backends = IntStream.range(0, 2_000)
                .mapToObj(number -> new Backend(
                        IpAddress.parse("10.1." + number / 250 + "." + number % 250), 80, false, number == 0 ? 1 : 99))
                .toList();

        List<Backend> shares = Weights.shares(backends);
        assertThat(shares).hasSizeLessThan(Layout.LOCAL_SLOTS);
        assertThat(shares).contains(backends.getFirst());
    }

    @Test
    void slotsMoveAsLittleAsTheyCan() {
        assertThat(Slots.assign(List.of("a", "b", "a"), List.of("a", "a", "b", "c")))
                .containsExactly("a", "b", "a", "c");
        assertThat(Slots.assign(List.of("a", "b", "a", "c"), List.of("a", "c"))).containsExactly("a", "c");
        assertThat(Slots.assign(List.of("a", "b"), List.of("b", "b", "b"))).containsExactly("b", "b", "b");
    }

    private static List<Backend> backends(String weights) {
        List<Backend> out = new ArrayList<>();
        for (String weight : weights.split(" ")) {
            out.add(new Backend(IpAddress.parse("10.0.0." + (1 + out.size())), 80, false, Integer.parseInt(weight)));
        }
        return out;
    }

    private static String names(List<Backend> backends) {
        return backends.stream()
                .map(backend -> Arrays.asList("a", "b", "c")
                        .get((int) (backend.address().low() & 0xff) - 1))
                .collect(Collectors.joining(" "));
    }
}
