package dev.fairway.scenarios.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.scenarios.Admission;
import dev.fairway.scenarios.ServerProcess;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// One server on SQLite is killed again and again at moments that nobody chose, while many clients and watchers use it:
/// what it acknowledged stands, and watches go on where they were. `./dev bench race --kill` runs it at full length.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("second lane")
class KillRaceTest {

    private static final RaceLength LENGTH = RaceLength.of(8, 100);
    private static final int KILLS = Integer.getInteger("fairway.race.kills", 1);
    private static final int STANDING = Integer.getInteger("fairway.race.standing", 20);
    private static final int LIVES_ON_MILLIS_MAX = 300;

    @TempDir
    Path folder;

    private final List<Long> readyMillis = new ArrayList<>();

    @Test
    @Timeout(5_400)
    void whatWasAcknowledgedSurvivesEveryDeath() throws Exception {
        Path state = folder.resolve("state");
        HttpClient http = Admission.client(CertificateAuthority.open(state.resolve("pki"), InstantSource.system()));
        try (ServerProcess server = ServerProcess.start(state, "sqlite")) {
            server.awaitReady(http);
            long begin = System.nanoTime();
            Race race = new Race(List.of(server.url()), http, LENGTH.clients(), LENGTH.services(), LENGTH.seed());
            race.stand(STANDING);
            Race.Result result = race.run(kills(server, http));
            List<Fault> faults = result.faults();
            LENGTH.report(result.history(), Duration.ofNanos(System.nanoTime() - begin), faults);
            Collections.sort(readyMillis);
            System.out.printf(
                    "race: killed %d times beside %d Services; ready again after %d ms in the median, %d ms at most%n",
                    KILLS, STANDING, readyMillis.get(readyMillis.size() / 2), readyMillis.getLast());
            assertThat(faults.stream().limit(20)).as("seed %d", LENGTH.seed()).isEmpty();
            assertThat(result.history().initial()).hasSizeGreaterThan(STANDING * 3);
        } finally {
            http.shutdownNow();
        }
    }

    private List<Incident> kills(ServerProcess server, HttpClient http) {
        Random random = new Random(LENGTH.seed());
        List<Incident> out = new ArrayList<>();
        for (int i = 1; i <= KILLS; i++) {
            int livesOnMillis = random.nextInt(LIVES_ON_MILLIS_MAX);
            out.add(new Incident((double) i / (KILLS + 1), () -> {
                Thread.sleep(livesOnMillis);
                server.kill();
                long begin = System.nanoTime();
                server.restart();
                server.awaitReady(http);
                readyMillis.add((System.nanoTime() - begin) / 1_000_000);
                return null;
            }));
        }
        return out;
    }
}
