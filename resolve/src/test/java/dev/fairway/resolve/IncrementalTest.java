package dev.fairway.resolve;

import static dev.fairway.resolve.Cluster.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.table.ServiceTable;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IncrementalTest {

    private static final String HTTP = "'clusterIP': '10.96.0.5', 'ports': [{'name': 'http', 'port': 80}]";
    private static final String MAPPED =
            "'type': 'ExternalName', 'externalName': 'example.com', 'ports': [{'port': 3000, 'targetPort': 443}]";

    private final Cluster cluster = new Cluster();

    @Test
    void untouchedEntriesAreTheSameObjects() {
        cluster.service("web", HTTP).service("db", HTTP).slice("web-a", "web", "10.244.1.1");
        Resolution before = cluster.resolve();
        cluster.slice("web-a", "web", "10.244.1.2");

        Resolution now = cluster.resolve(before, Set.of(), Set.of("web-a"));

        assertThat(entry(now, "db")).isSameAs(entry(before, "db"));
        assertThat(entry(now, "web")).isNotEqualTo(entry(before, "web"));
        assertThat(now.table().revision()).isEqualTo(before.table().revision() + 1);
    }

    @Test
    void aChangeThatNoReaderCanSeeLeavesTheTable() {
        cluster.service("web", HTTP).slice("web-a", "web", "10.244.1.1");
        Resolution before = cluster.resolve();
        cluster.slice("web-a", "web", "10.244.1.1", "!10.244.1.2").service("web", HTTP, "'status': {}");

        assertThat(cluster.resolve(before, Set.of("web"), Set.of("web-a")).table())
                .isSameAs(before.table());
        assertThat(cluster.resolver
                        .resolveAll(cluster.view(), cluster.external, before)
                        .table())
                .isSameAs(before.table());
    }

    @Test
    void aSliceThatMovesChangesBothServices() {
        cluster.service("old", HTTP).service("new", HTTP).slice("s", "old", "10.244.1.1");
        Resolution before = cluster.resolve();
        cluster.slice("s", "new", "10.244.1.1");

        Resolution now = cluster.resolve(before, Set.of(), Set.of("s"));

        assertThat(entry(now, "old").ports().getFirst().backends()).isEmpty();
        assertThat(entry(now, "new").ports().getFirst().backends()).hasSize(1);
    }

    @Test
    void deletedServicesGo() {
        cluster.service("web", HTTP);
        Resolution before = cluster.resolve();
        cluster.services.clear();

        assertThat(cluster.resolve(before, Set.of("web"), Set.of()).table().services())
                .isEmpty();
    }

    @Test
    void theFirstTableHasRevisionOneEvenWhenNothingExists() {
        assertThat(cluster.resolve().table().revision()).isEqualTo(1);
    }

    @Test
    void namespacesComeAndGoWithWhatWasToldOfThem() {
        Resolution before = cluster.resolve();
        cluster.namespaces.put(new ObjectKey("", "shop"), Cluster.json("{}"));
        cluster.namespaces.put(new ObjectKey("", "default"), Cluster.json("{}"));
        Resolution two = cluster.resolve(before, Set.of(), Set.of());
        cluster.namespaces.remove(new ObjectKey("", "shop"));
        Resolution one = cluster.resolve(two, Set.of(), Set.of());

        assertThat(two.table().namespaces()).containsExactly("default", "shop");
        assertThat(one.table().namespaces()).containsExactly("default");
        assertThat(one.table().revision()).isEqualTo(3);
        assertThat(cluster.resolve(one, Set.of(), Set.of()).table()).isSameAs(one.table());
    }

    @Test
    void anyChainOfChangesEndsWhereAFreshStartBegins() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Resolution resolution = cluster.resolve();
        for (int step = 0; step < 300; step++) {
            Set<String> services = new HashSet<>();
            Set<String> slices = new HashSet<>();
            for (int change = random.nextInt(3); change >= 0; change--) {
                if (random.nextBoolean()) {
                    services.add(changeService(random));
                } else {
                    slices.add(changeSlice(random));
                }
            }
            resolution = cluster.resolve(resolution, services, slices);
            ServiceTable fresh = cluster.resolve().table();
            assertThat(resolution.table().services())
                    .as("seed %d step %d", seed, step)
                    .isEqualTo(fresh.services());
        }
    }

    private String changeService(Random random) {
        String name = "s" + random.nextInt(6);
        switch (random.nextInt(4)) {
            case 0 -> cluster.services.remove(new ObjectKey("default", name));
            case 1 -> cluster.service(name, HTTP);
            case 2 -> cluster.service(name, MAPPED, created(random));
            default -> cluster.service(name, "'clusterIP': 'None'");
        }
        return name;
    }

    private static String created(Random random) {
        return "'metadata': {'creationTimestamp': '2026-01-0%dT00:00:00Z'}".formatted(1 + random.nextInt(9));
    }

    private String changeSlice(Random random) {
        String name = "slice" + random.nextInt(8);
        cluster.slice(name, "s" + random.nextInt(6), "10.244.1." + random.nextInt(9), "!10.244.2.1");
        if (random.nextInt(4) == 0) {
            cluster.slices.values().removeIf(slice -> Meta.name(slice).equals(name));
        }
        return name;
    }
}
