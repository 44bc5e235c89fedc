package dev.fairway.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace();

    private List<Long> rests(int screens, long waitedMillis, long spentMillis) {
        List<Long> out = new ArrayList<>();
        for (int i = 0; i < screens; i++) {
            out.add(pace.after(Duration.ofMillis(waitedMillis), Duration.ofMillis(spentMillis))
                    .toMillis());
        }
        return out;
    }

    @Test
    void aFewChangesAfterAQuietTimeAreShownAtOnce() {
        assertThat(rests(3, 0, 100)).containsExactly(40L, 40L, 40L);
    }

    @Test
    void whenEverythingChangesAllTheTimeThreeQuartersAreRest() {
        List<Long> rests = rests(20, 0, 100);
        assertThat(rests.subList(10, 20)).containsOnly(300L);
    }

    @Test
    void timeWithoutAChangeIsRestToo() {
        rests(20, 0, 100);
        assertThat(rests(1, 260, 100)).containsExactly(40L);
    }

    @Test
    void noMoreThanASecondIsSavedUp() {
        rests(1, 3_600_000, 1);
        assertThat(rests(1, 0, 400).getFirst()).isBetween(160L, 240L);
    }
}
