package dev.fairway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.Keys;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.registry.WatchEvent;
import dev.fairway.api.registry.WatchQuery;
import dev.fairway.api.registry.Watcher;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The two addresses of a Service with two stacks come at one revision. A watcher gets both or none: with one of them
/// it
/// would go on behind the revision and never see the other.
class WholeRevisionsTest {

    private static final Kind ADDRESSES = Kinds.standard().get(Resource.IP_ADDRESSES);
    private static final String PADDING = "x".repeat(500_000);

    private final Store store = Stores.memory();
    private final Registry registry = Registry.open(store, InstantSource.system(), new Random(1));

    @AfterEach
    void close() {
        registry.close();
        store.close();
    }

    private static Store.Change address(String name) {
        String json = """
            {"apiVersion": "networking.k8s.io/v1", "kind": "IPAddress",
             "metadata": {"name": "%s", "annotations": {"padding": "%s"}}}
            """.formatted(name, PADDING);
        return new Store.Change.Put(Keys.object(Resource.IP_ADDRESSES, "", name), json.getBytes(UTF_8));
    }

    private void writeBoth() {
        store.commit(new Store.Transaction(List.of(), List.of(address("10.96.0.7"), address("fd00::7"))));
    }

    private Watcher watch(String revision) {
        return registry.watch(ADDRESSES, WatchQuery.of("", Selection.ALL, revision));
    }

    private static String name(Optional<WatchEvent> event) {
        return Meta.name(((WatchEvent.Changed) event.orElseThrow()).object());
    }

    private static void pollBoth(Watcher watcher) throws InterruptedException {
        assertThat(name(watcher.poll(Duration.ofSeconds(10)))).isEqualTo("10.96.0.7");
        assertThat(watcher.isAmidRevision()).isTrue();
        assertThat(watcher.bookmark()).isEmpty();
        assertThat(name(watcher.poll(Duration.ZERO))).isEqualTo("fd00::7");
        assertThat(watcher.isAmidRevision()).isFalse();
    }

    @Test
    void whoWatchesGetsBothAtOnce() throws Exception {
        try (Watcher watcher = watch("")) {
            writeBoth();
            pollBoth(watcher);
        }
    }

    @Test
    void whoResumesGetsBothAtOnce() throws Exception {
        String before = Long.toString(registry.revision());
        writeBoth();
        try (Watcher watcher = watch(before)) {
            pollBoth(watcher);
        }
    }

    @Test
    void whoIsTooSlowIsNotCutOffBetweenThem() throws Exception {
        try (Watcher slow = watch("")) {
            writeBoth();
            assertThat(name(slow.poll(Duration.ofSeconds(10)))).isEqualTo("10.96.0.7");
            for (int i = 0; i < 30; i++) {
                writeBoth();
            }
            // opens when every change was handed to every watcher: the slow one was dropped on the way
            watch("").close();
            assertThat(name(slow.poll(Duration.ZERO))).isEqualTo("fd00::7");
            assertThat(slow.poll(Duration.ZERO)).containsInstanceOf(WatchEvent.Ended.class);
        }
    }
}
