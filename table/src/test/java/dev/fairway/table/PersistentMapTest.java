package dev.fairway.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {

    private static final PersistentMap<Integer, String> NONE = PersistentMap.empty();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void itIsWhatASortedMapIs(long seed) {
        Random random = new Random(seed);
        PersistentMap<Integer, String> map = NONE;
        TreeMap<Integer, String> model = new TreeMap<>();
        List<Map<Integer, String>> older = new ArrayList<>();
        List<Map<Integer, String>> olderModels = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            int key = random.nextInt(200);
            Optional<String> value = random.nextInt(5) < 3 ? Optional.of("v" + step) : Optional.empty();
            map = map.with(key, value);
            value.ifPresentOrElse(text -> model.put(key, text), () -> model.remove(key));

            assertThat(map.find(key)).isEqualTo(value);
            assertThat(map.size()).isEqualTo(model.size());
            assertThat(map.firstFrom(key)).isEqualTo(Optional.ofNullable(model.ceilingKey(key)));
            if (step % 100 == 0) {
                assertThat(List.copyOf(map.entrySet()))
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(List.copyOf(model.entrySet()));
                older.add(map);
                olderModels.add(new TreeMap<>(model));
            }
        }
        assertThat(older).as("no map has changed since it was made").isEqualTo(olderModels);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void theDifferencesLeadFromAnyMapToAnyOther(long seed) {
        Random random = new Random(seed);
        PersistentMap<Integer, String> from = NONE;
        for (int step = 0; step < 200; step++) {
            PersistentMap<Integer, String> to = random.nextInt(10) == 0 ? NONE : from;
            Map<Integer, Optional<String>> changes = new TreeMap<>();
            for (int change = random.nextInt(random.nextBoolean() ? 4 : 30); change > 0; change--) {
                changes.put(
                        random.nextInt(60), Optional.of("v" + random.nextInt(3)).filter(_ -> random.nextBoolean()));
            }
            to = to.withAll(changes);
            TreeMap<Integer, String> made = new TreeMap<>(from);
            List<Integer> told = new ArrayList<>();
            PersistentMap<Integer, String> before = from;
            from.differences(to, String::equals, (key, was, is) -> {
                assertThat(was).isEqualTo(before.find(key)).isNotEqualTo(is);
                is.ifPresentOrElse(text -> made.put(key, text), () -> made.remove(key));
                told.add(key);
            });

            assertThat(made).as("seed %d, step %d", seed, step).isEqualTo(to);
            assertThat(told).isSorted().doesNotHaveDuplicates();
            from = to;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void manyStepsAtOnceLeadWhereTheyLeadOneByOne(long seed) {
        Random random = new Random(seed);
        PersistentMap<Integer, String> map = NONE;
        TreeMap<Integer, String> model = new TreeMap<>();
        for (int step = 0; step < 60; step++) {
            int from = random.nextInt(10_000);
            int width = 1 + random.nextInt(random.nextBoolean() ? 10_000 : 500);
            double share = random.nextDouble();
            boolean go = random.nextInt(3) == 0;
            Map<Integer, Optional<String>> changes = new TreeMap<>();
            for (int key = from; key < from + width; key++) {
                if (random.nextDouble() < share) {
                    changes.put(key, Optional.of("v" + step).filter(_ -> !go));
                }
            }
            map = map.withAll(changes);
            changes.forEach((key, value) -> value.ifPresentOrElse(it -> model.put(key, it), () -> model.remove(key)));

            assertThat(List.copyOf(map.entrySet()))
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(List.copyOf(model.entrySet()));
            assertThat(map.size()).isEqualTo(model.size());
            assertThat(longestPath(map)).as("seed %d, step %d", seed, step).isLessThan(4 * log2(map.size() + 1));
        }
    }

    /// By what finding the costliest of some changes looks at.
    private static int longestPath(PersistentMap<Integer, String> map) {
        return map.keySet().stream()
                .filter(key -> key % 7 == 0)
                .mapToInt(key -> cost(map, map.with(key, "other")) / 2)
                .max()
                .orElse(0);
    }

    @Test
    void whatLiesBesideManyStepsStaysAsItIs() {
        PersistentMap<Integer, String> map = numbers(100_000);
        Map<Integer, Optional<String>> come = new TreeMap<>();
        IntStream.range(100_000, 101_000).forEach(key -> come.put(key, Optional.of("new")));
        assertThat(cost(map, map.withAll(come))).isLessThan(2 * come.size());
    }

    /// Work is counted, not timed: a change among a hundred times as many costs some steps more.
    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void findingOneChangeLooksAtAPathOnly(int size) {
        PersistentMap<Integer, String> map = numbers(size);
        int steps = 4 * log2(size);
        for (int key : List.of(0, size / 3, size - 1)) {
            assertThat(cost(map, map.with(key, "other"))).isLessThan(steps);
            assertThat(cost(map, map.without(key))).isLessThan(3 * steps);
            assertThat(cost(map, map.with(size + key, "new"))).isLessThan(3 * steps);
        }
        assertThat(cost(map, map)).isZero();
    }

    @Test
    void keysThatComeInOrderMakeNoList() {
        PersistentMap<Integer, String> map = NONE;
        for (int key = 0; key < 4_096; key++) {
            map = map.with(key, "v");
        }
        assertThat(cost(map, map.with(2_000, "other"))).isLessThan(6 * log2(4_096));
    }

    private static int cost(PersistentMap<Integer, String> from, PersistentMap<Integer, String> to) {
        return from.differences(to, String::equals, (_, _, _) -> {});
    }

    private static int log2(int number) {
        return 32 - Integer.numberOfLeadingZeros(number);
    }

    private static PersistentMap<Integer, String> numbers(int size) {
        TreeMap<Integer, String> numbers = new TreeMap<>();
        IntStream.range(0, size).forEach(key -> numbers.put(key, "v" + key));
        return PersistentMap.copyOf(numbers);
    }
}
