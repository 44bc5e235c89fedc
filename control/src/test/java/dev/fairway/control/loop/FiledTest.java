package dev.fairway.control.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// A collection by the values of an index, beside a plain search through all objects.
class FiledTest {

    private static final Index BY_COLOURS = new Index(Resource.PODS, "colours", pod -> Tree.texts(pod, "colours"));
    private static final List<String> COLOURS = List.of("red", "green", "blue");

    private final Filed filed = new Filed(BY_COLOURS);
    private final Map<ObjectKey, ObjectNode> all = new TreeMap<>();

    @Test
    void itFindsWhatASearchThroughAllFinds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int step = 0; step < 5_000; step++) {
            ObjectKey key = new ObjectKey("default", "pod-" + random.nextInt(6));
            change(key, random.nextInt(3) == 0 ? Optional.empty() : Optional.of(pod(step, random)));

            for (String colour : COLOURS) {
                assertThat(filed.find(colour))
                        .as("seed %d, step %d, %s", seed, step, colour)
                        .containsExactlyElementsOf(search(colour));
            }
        }
    }

    private void change(ObjectKey key, Optional<ObjectNode> now) {
        Optional<ObjectNode> before = Optional.ofNullable(all.remove(key));
        now.ifPresent(object -> all.put(key, object));
        filed.changed(key, before, now);
    }

    private static ObjectNode pod(int number, Random random) {
        ObjectNode pod = Json.object().put("number", number);
        COLOURS.stream().filter(colour -> random.nextBoolean()).forEach(pod.withArray("colours")::add);
        return pod;
    }

    private List<ObjectNode> search(String colour) {
        return all.values().stream()
                .filter(pod -> Tree.texts(pod, "colours").contains(colour))
                .toList();
    }
}
