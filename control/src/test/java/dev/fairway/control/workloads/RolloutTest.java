package dev.fairway.control.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.workloads.Rollout.Scale;
import dev.fairway.schema.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutTest {

    @ParameterizedTest
    @CsvSource({
        // replicas, maxSurge, maxUnavailable, surge, unavailable
        " 4,  '\"25%\"',  '\"25%\"',  1, 1",
        " 3,  '\"25%\"',  '\"25%\"',  1, 0",
        " 1,  '\"25%\"',  '\"25%\"',  1, 0",
        "10,  '\"33%\"',  '\"33%\"',  4, 3",
        "10,  3,          0,          3, 0",
        "10,  0,          0,          0, 1",
        " 2,  0,          5,          0, 2",
        " 4,  null,       null,       1, 1",
        " 4,  '\"often\"', 0,         1, 0",
    })
    void limitsAreNumbersOrPercentages(
            int replicas, String maxSurge, String maxUnavailable, int surge, int unavailable) {
        var deployment = Json.parse("""
            {"spec": {"replicas": %d, "strategy": {"type": "RollingUpdate",
             "rollingUpdate": {"maxSurge": %s, "maxUnavailable": %s}}}}
            """.formatted(replicas, maxSurge, maxUnavailable));
        assertThat(RolloutLimits.of(deployment)).isEqualTo(new RolloutLimits(replicas, surge, unavailable));
    }

    /// `name wanted/available`; the first is the new ReplicaSet.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            what                             | replicas | surge | unavailable | new     | old              | changes
            the first pods                   | 3        | 1     | 1           | n 0/0   |                  | n 3
            all is done                      | 3        | 1     | 1           | n 3/3   |                  |
            surge first                      | 4        | 1     | 1           | n 0/0   | a 4/4            | n 1
            then an old one may go           | 4        | 1     | 1           | n 1/0   | a 4/4            | a 3
            but no more until new ones serve | 4        | 1     | 1           | n 2/0   | a 3/3            |
            a new one serves                 | 4        | 1     | 1           | n 2/1   | a 3/3            | a 2
            broken old pods go first         | 4        | 0     | 1           | n 0/0   | a 2/1 b 2/2      | a 1
            nothing may be missing           | 2        | 1     | 0           | n 1/0   | a 2/2            |
            scaling down                     | 2        | 1     | 1           | n 5/5   |                  | n 2
            scaling to nothing               | 0        | 1     | 0           | n 3/3   |                  | n 0
            """, useHeadersInDisplayName = true)
    void stepsKeepTheLimits(
            String what, int replicas, int surge, int unavailable, String fresh, String old, String changes) {
        List<Scale> plan = Rollout.plan(
                new RolloutLimits(replicas, surge, unavailable), scales(fresh).getFirst(), scales(old));
        assertThat(plan.stream().map(scale -> scale.name() + " " + scale.wanted()))
                .as(what)
                .isEqualTo(changes == null ? List.of() : List.of(changes));
    }

    /// Whatever the limits: a rollout whose pods become available in any order ends, and never breaks the limits.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyRolloutEndsWithinItsLimits(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int replicas = random.nextInt(12);
            int surge = random.nextInt(4);
            RolloutLimits limits = new RolloutLimits(replicas, surge, surge == 0 ? 1 : random.nextInt(3));
            Scale fresh = new Scale("new", 0, 0);
            List<Scale> old = new ArrayList<>(List.of(new Scale("old", replicas, replicas)));
            int steps = 0;
            while (fresh.available() < replicas || old.getFirst().wanted() > 0) {
                assertThat(steps++)
                        .as("seed %d: %s %s %s", seed, limits, fresh, old)
                        .isLessThan(200);
                for (Scale change : Rollout.plan(limits, fresh, old)) {
                    int available = Math.min(change.available(), change.wanted());
                    Scale now = new Scale(change.name(), change.wanted(), available);
                    if (change.name().equals("new")) {
                        fresh = now;
                    } else {
                        old.set(0, now);
                    }
                }
                assertThat(fresh.wanted() + old.getFirst().wanted()).isLessThanOrEqualTo(limits.maxTotal());
                assertThat(fresh.available() + old.getFirst().available())
                        .isGreaterThanOrEqualTo(limits.minAvailable());
                if (fresh.available() < fresh.wanted() && random.nextBoolean()) {
                    fresh = new Scale("new", fresh.wanted(), fresh.available() + 1);
                }
            }
        }
    }

    private static List<Scale> scales(String text) {
        if (text == null) {
            return List.of();
        }
        String[] words = text.split("[ /]+");
        return Stream.iterate(0, at -> at < words.length, at -> at + 3)
                .map(at -> new Scale(words[at], Integer.parseInt(words[at + 1]), Integer.parseInt(words[at + 2])))
                .toList();
    }
}
