package dev.fairway.scenarios.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.client.RemoteApiClient;
import dev.fairway.scenarios.TwoServers;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Many clients through two servers on one etcd, while the server that leads is killed and etcd too. `./dev bench race
/// --etcd` runs it at full length.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("first lane")
class EtcdRaceTest {

    private static final RaceLength LENGTH = RaceLength.of(8, 120);
    private static final int MIRRORS = 8;
    private static final Duration MOVED_WITHIN = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    @Timeout(1_800)
    void nothingAcknowledgedIsLostAndEverybodyGoesOn() throws Exception {
        try (TwoServers servers = TwoServers.start(folder);
                RemoteApiClient one = RemoteApiClient.open(servers.one().kubeconfig(), "race");
                RemoteApiClient other = RemoteApiClient.open(servers.other().kubeconfig(), "race")) {
            ListCounter lists = new ListCounter(List.of(one, other));
            List<Mirror> mirrors = mirrors(lists);
            CompletableFuture<Duration> moved = new CompletableFuture<>();
            long begin = System.nanoTime();
            Race race = new Race(servers.urls(), servers.http(), LENGTH.clients(), LENGTH.services(), LENGTH.seed());
            Race.Result result = race.run(incidents(servers, moved));
            List<Fault> faults = result.faults();
            LENGTH.report(result.history(), Duration.ofNanos(System.nanoTime() - begin), faults);
            assertThat(faults.stream().limit(20)).as("seed %d", LENGTH.seed()).isEmpty();

            Duration took = moved.get(1, TimeUnit.MINUTES);
            System.out.printf(
                    "race: controllers moved in %d ms; %d mirrors listed %d times%n",
                    took.toMillis(), mirrors.size(), lists.answered());
            assertThat(took).isLessThan(MOVED_WITHIN);
            Map<ObjectKey, String> standing = standing(other);
            mirrors.forEach(mirror -> Awaitility.await()
                    .untilAsserted(() -> assertThat(versions(mirror)).isEqualTo(standing)));
            assertThat(lists.answered()).as("lists by mirrors").isEqualTo(MIRRORS);
            mirrors.forEach(Mirror::close);
        }
    }

    private static List<Mirror> mirrors(ListCounter client) {
        List<Mirror> out = new ArrayList<>();
        for (int i = 0; i < MIRRORS; i++) {
            out.add(Mirror.start(client, Resource.SERVICES, "", Selection.ALL, Mirror.Listener.NONE));
        }
        out.forEach(
                mirror -> assertThat(mirror.awaitSynced(Duration.ofMinutes(1))).isTrue());
        return out;
    }

    /// The server that leads dies and comes back only at the end; in between etcd dies.
    private static List<Incident> incidents(TwoServers servers, CompletableFuture<Duration> moved) {
        return List.of(
                new Incident(0.2, () -> {
                    servers.one().kill();
                    moved.completeAsync(() -> controllersAct(servers));
                    return null;
                }),
                new Incident(0.55, () -> {
                    servers.etcd().kill();
                    Thread.sleep(1_000);
                    servers.etcd().restart();
                    return null;
                }),
                new Incident(0.85, () -> {
                    servers.one().restart();
                    servers.one().awaitReady(servers.http());
                    return null;
                }));
    }

    private static Duration controllersAct(TwoServers servers) {
        try {
            return servers.awaitControllers(servers.other(), "after-the-leader");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<ObjectKey, String> standing(RemoteApiClient client) {
        Map<ObjectKey, String> out = new TreeMap<>();
        client.list(Resource.SERVICES, "", Selection.ALL)
                .items()
                .forEach(service -> out.put(Meta.key(service), Meta.resourceVersion(service)));
        return out;
    }

    private static Map<ObjectKey, String> versions(Mirror mirror) {
        Map<ObjectKey, String> out = new TreeMap<>();
        mirror.objects().forEach((key, service) -> out.put(key, Meta.resourceVersion(service)));
        return out;
    }
}
