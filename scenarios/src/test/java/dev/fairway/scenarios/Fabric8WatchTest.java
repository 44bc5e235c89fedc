package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The fabric8 kubernetes-client, unchanged: informers, watches, leader election, waiting.
@Timeout(120)
@ExtendWith(SharedCluster.class)
class Fabric8WatchTest {

    private static KubernetesClient client;

    private final Heard heard = new Heard();

    @BeforeAll
    static void start(Cluster cluster) {
        client = Fabric8.client(cluster, "fabric8-watch");
    }

    @AfterAll
    static void stop() {
        client.close();
    }

    @Test
    void informersFollowAndResync() throws Exception {
        var handler = new ResourceEventHandler<Service>() {
            @Override
            public void onAdd(Service service) {
                heard.add("add " + service.getMetadata().getName());
            }

            @Override
            public void onUpdate(Service old, Service now) {
                String was = old.getMetadata().getResourceVersion();
                boolean same = was.equals(now.getMetadata().getResourceVersion());
                heard.add((same ? "resync " : "update ") + now.getMetadata().getName());
            }

            @Override
            public void onDelete(Service service, boolean unknown) {
                heard.add("delete " + service.getMetadata().getName());
            }
        };
        try (var informer = client.services().withLabel("informed", "yes").inform(handler, 300L)) {
            client.resource(Fabric8.service("informed", "informed", "yes")).create();
            heard.expect("add informed");
            heard.expect("resync informed");
            client.services().withName("informed").edit(it -> {
                it.getSpec().getPorts().getFirst().setPort(81);
                return it;
            });
            heard.expect("update informed");
            client.services().withName("informed").delete();
            heard.expect("delete informed");
            assertThat(informer.getStore().list()).isEmpty();
        }
    }

    @Test
    void watchesRunOverAWebSocket() throws Exception {
        var watcher = new Watcher<ConfigMap>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                heard.add(action + " " + map.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {
                heard.add("lost " + cause.getMessage());
            }
        };
        var maps = client.configMaps();
        try (var _ = maps.withLabel("watched", "yes").watch(watcher)) {
            maps.resource(Fabric8.map("watched", "watched", "yes")).create();
            heard.expect("ADDED watched");
            maps.withName("watched").edit(it -> {
                it.setData(Map.of("a", "b"));
                return it;
            });
            heard.expect("MODIFIED watched");
            maps.withName("watched").delete();
            heard.expect("DELETED watched");
        }
    }

    @Test
    void oneLeadsUntilItStopsAndThenTheOther() throws Exception {
        CompletableFuture<?> first = lead("first");
        heard.expect("first leads");
        CompletableFuture<?> second = lead("second");
        first.cancel(true);
        heard.expect("second leads");
        second.cancel(true);
    }

    private CompletableFuture<?> lead(String who) {
        var callbacks = new LeaderCallbacks(() -> heard.add(who + " leads"), () -> {}, leader -> {});
        return client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName("election")
                        .withLock(new LeaseLock(client.getNamespace(), "election", who))
                        .withLeaseDuration(Duration.ofSeconds(10))
                        .withRenewDeadline(Duration.ofSeconds(8))
                        .withRetryPeriod(Duration.ofMillis(300))
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(callbacks)
                        .build())
                .build()
                .start();
    }

    @Test
    void waitingEndsWithTheCondition() throws Exception {
        var maps = client.configMaps();
        var waited = CompletableFuture.supplyAsync(
                () -> maps.withName("awaited").waitUntilCondition(it -> it != null, 60, TimeUnit.SECONDS));
        maps.resource(Fabric8.map("awaited", "a", "b")).create();
        assertThat(waited.get(60, TimeUnit.SECONDS).getMetadata().getName()).isEqualTo("awaited");
    }
}
