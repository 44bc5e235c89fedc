package dev.fairway.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.table.ServiceName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficTest {

    private static final ServiceName WEB = new ServiceName("default", "web");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            before | now | seconds | per second
            10     | 10  | 2       | 0
            10     | 30  | 2       | 10
            10     | 11  | 2       | 1
            10     | 11  | 60      | 1
            10     | 17  | 2       | 4
            30     | 10  | 2       | 0
            """, useHeadersInDisplayName = true)
    void newConnectionsInASecond(long before, long now, int seconds, long expected) {
        assertThat(Traffic.between(Map.of(WEB, before), Map.of(WEB, now), Duration.ofSeconds(seconds))
                        .getOrDefault(WEB, 0L))
                .isEqualTo(expected);
    }

    @Test
    void aNewServiceHasHadNone() {
        assertThat(Traffic.between(Map.of(), Map.of(WEB, 5L), Duration.ofSeconds(2)))
                .isEmpty();
    }

    @Test
    void allWhoLookWithinAnIntervalSeeTheSame() {
        long[] seconds = {0};
        Queue<Long> counts = new ArrayDeque<>(List.of(100L, 130L, 190L));
        Traffic traffic = new Traffic(() -> Map.of(WEB, counts.remove()), () -> seconds[0] * 1_000_000_000);
        assertThat(traffic.perSecond()).isEmpty();
        seconds[0] = 1;
        assertThat(traffic.perSecond()).isEmpty();
        seconds[0] = 3;
        assertThat(traffic.perSecond()).containsEntry(WEB, 10L);
        assertThat(traffic.perSecond()).containsEntry(WEB, 10L);
        seconds[0] = 5;
        assertThat(traffic.perSecond()).containsEntry(WEB, 30L);
    }
}
