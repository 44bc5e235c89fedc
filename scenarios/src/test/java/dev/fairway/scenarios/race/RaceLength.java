package dev.fairway.scenarios.race;

import dev.fairway.scenarios.race.Operation.Outcome;
import dev.fairway.scenarios.race.Operation.Verb;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// How long a race is, and what it prints about itself. A short one runs with the tests, `./dev bench race` sets more.
record RaceLength(int clients, int services, long seed) {

    static RaceLength of(int clients, int services) {
        return new RaceLength(
                Integer.getInteger("fairway.race.clients", clients),
                Integer.getInteger("fairway.race.services", services),
                Long.getLong("fairway.race.seed", System.nanoTime()));
    }

    void report(History history, Duration time, List<Fault> faults) {
        long events = history.streams().stream()
                .mapToLong(stream -> stream.events().size())
                .sum();
        System.out.printf(
                "race: seed %d, %d clients, %d operations on %d Services, %d streams with %d events, %d s: %d faults%n",
                seed,
                clients,
                history.operations().size(),
                services,
                history.streams().size(),
                events,
                time.toSeconds(),
                faults.size());
        for (Verb verb : Verb.values()) {
            for (Outcome outcome : Outcome.values()) {
                long[] millis = history.operations().stream()
                        .filter(it -> it.verb() == verb && it.outcome() == outcome)
                        .mapToLong(it -> (it.returnedNanos() - it.invokedNanos()) / 1_000_000)
                        .sorted()
                        .toArray();
                if (millis.length > 0) {
                    System.out.printf(
                            "race: %-6s %-7s %6d, median %d ms, longest %d ms%n",
                            verb,
                            outcome,
                            millis.length,
                            millis[millis.length / 2],
                            Arrays.stream(millis).max().orElse(0));
                }
            }
        }
    }

    /// How often something of this kind was taken: a race about nothing would prove nothing.
    static long held(History history, String kind) {
        return history.streams().getFirst().events().stream()
                .filter(event -> event.holds().stream().anyMatch(held -> held.startsWith(kind)))
                .count();
    }
}
