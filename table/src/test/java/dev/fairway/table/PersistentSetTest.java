package dev.fairway.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentSetTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void itIsWhatASortedSetIs(long seed) {
        Random random = new Random(seed);
        PersistentSet<Integer> set = PersistentSet.empty();
        TreeSet<Integer> model = new TreeSet<>();
        for (int step = 0; step < 1_000; step++) {
            int member = random.nextInt(50);
            PersistentSet<Integer> before = set;
            TreeSet<Integer> beforeModel = new TreeSet<>(model);
            boolean changes;
            if (random.nextBoolean()) {
                set = before.with(member);
                changes = model.add(member);
            } else {
                set = before.without(member);
                changes = model.remove(member);
            }

            assertThat(set.equals(model)).as("seed %d, step %d", seed, step).isTrue();
            assertThat(List.copyOf(set)).isEqualTo(List.copyOf(model));
            if (!changes) {
                assertThat(set).isSameAs(before);
            }
            assertThat(List.copyOf(before)).isEqualTo(List.copyOf(beforeModel));
            assertThat(PersistentSet.copyOf(model)).isEqualTo(set);
        }
    }
}
