package dev.fairway.scenarios.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.scenarios.race.Operation.Outcome;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many clients on one server, judged by the checker. `./dev bench race` runs it at full length.
class RaceTest {

    private static final RaceLength LENGTH = RaceLength.of(8, 150);

    @TempDir
    Path folder;

    @Test
    @Timeout(1_800)
    void nothingIsHeldTwiceNothingLeaksAndAllWatchersSeeTheSame() throws Exception {
        try (RaceServer server = RaceServer.start(folder)) {
            HttpClient http = server.client();
            long begin = System.nanoTime();
            Race race = new Race(List.of(server.url()), http, LENGTH.clients(), LENGTH.services(), LENGTH.seed());
            Race.Result result = race.run();
            // watches that are still open would keep a plain close waiting
            http.shutdownNow();
            List<Fault> faults = result.faults();
            LENGTH.report(result.history(), Duration.ofNanos(System.nanoTime() - begin), faults);
            assertThat(faults.stream().limit(20)).as("seed %d", LENGTH.seed()).isEmpty();
            assertThat(result.history().operations())
                    .extracting(Operation::outcome)
                    .doesNotContain(Outcome.UNKNOWN);
            assertThat(RaceLength.held(result.history(), "ip/")).isGreaterThan(LENGTH.services() / 4);
            assertThat(RaceLength.held(result.history(), "port/")).isGreaterThan(LENGTH.services() / 10);
        }
    }
}
