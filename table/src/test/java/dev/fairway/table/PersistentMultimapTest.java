package dev.fairway.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.table.PersistentMultimap.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMultimapTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void itIsWhatAMapOfSetsIs(long seed) {
        Random random = new Random(seed);
        PersistentMultimap<Integer, Integer> map = PersistentMultimap.empty();
        Map<Integer, Set<Integer>> model = new TreeMap<>();
        for (int step = 0; step < 500; step++) {
            List<Pair<Integer, Integer>> gone = pairs(random);
            List<Pair<Integer, Integer>> come = pairs(random);
            PersistentMultimap<Integer, Integer> before = map;
            Map<Integer, Set<Integer>> beforeModel = Map.copyOf(model);
            map = before.with(gone, come);
            model = with(model, gone, come);

            assertThat(map.sets().equals(model))
                    .as("seed %d, step %d", seed, step)
                    .isTrue();
            assertThat(before.sets().equals(beforeModel)).isTrue();
            if (model.equals(beforeModel)) {
                assertThat(map).isSameAs(before);
            }
        }
    }

    private static List<Pair<Integer, Integer>> pairs(Random random) {
        List<Pair<Integer, Integer>> pairs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            pairs.add(new Pair<>(random.nextInt(5), random.nextInt(4)));
        }
        return pairs;
    }

    private static Map<Integer, Set<Integer>> with(
            Map<Integer, Set<Integer>> model, List<Pair<Integer, Integer>> gone, List<Pair<Integer, Integer>> come) {
        Map<Integer, Set<Integer>> next = new TreeMap<>();
        model.forEach((key, values) -> next.put(key, new TreeSet<>(values)));
        gone.forEach(pair -> next.computeIfPresent(pair.key(), (_, values) -> {
            values.remove(pair.value());
            return values;
        }));
        come.forEach(
                pair -> next.computeIfAbsent(pair.key(), _ -> new TreeSet<>()).add(pair.value()));
        next.values().removeIf(Set::isEmpty);
        return next;
    }
}
