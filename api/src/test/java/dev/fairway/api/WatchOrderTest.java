package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.DeleteQuery;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.registry.Section;
import dev.fairway.api.registry.WatchEvent;
import dev.fairway.api.registry.WatchQuery;
import dev.fairway.api.registry.Watcher;
import dev.fairway.api.registry.WriteOptions;
import dev.fairway.api.security.User;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What watchers see while many write: every change once, in order, and through selectors exactly what a list would
/// have shown at each moment.
class WatchOrderTest {

    private static final Kind MAPS = Kinds.standard().get(Resource.CONFIG_MAPS);
    private static final WriteOptions WRITE = WriteOptions.of(User.ANONYMOUS);
    private static final int WRITERS = 8;
    private static final int WRITES = 150;

    private final Store store = Stores.memory();
    private final Registry registry = Registry.open(store, InstantSource.system(), new Random(1));

    @BeforeEach
    void namespace() {
        for (String name : List.of("ns-0", "ns-1")) {
            registry.create(
                    Kinds.standard().get(Resource.NAMESPACES),
                    "",
                    Json.parse("{\"metadata\": {\"name\": \"%s\"}}".formatted(name)),
                    WRITE);
        }
    }

    @AfterEach
    void close() {
        registry.close();
        store.close();
    }

    private Watcher watch(String namespace, Selection selection, String revision) {
        return registry.watch(MAPS, WatchQuery.of(namespace, selection, revision));
    }

    /// One writer's random life with a few names that it shares with the others.
    private void write(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < WRITES; i++) {
            String namespace = "ns-" + random.nextInt(2);
            String name = "cm-" + random.nextInt(6);
            ObjectNode object = Json.parse("""
                    {"metadata": {"name": "%s", "labels": {"colour": "%s"}}, "data": {"by": "%d-%d"}}
                    """.formatted(name, random.nextBoolean() ? "red" : "blue", seed, i));
            try {
                switch (random.nextInt(3)) {
                    case 0 -> registry.create(MAPS, namespace, object, WRITE);
                    case 1 -> registry.replace(MAPS, namespace, name, Section.MAIN, object, WRITE);
                    default -> registry.delete(MAPS, namespace, name, DeleteQuery.DEFAULT, WRITE);
                }
            } catch (ApiException e) {
                // It is there already, or not there: a writer among many meets both.
                assertThat(e.code()).isIn(404, 409);
            }
        }
    }

    private void writeTogether(long seed) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                long own = seed * 1000 + i;
                threads.execute(() -> write(own));
            }
        }
    }

    private List<WatchEvent.Changed> drain(Watcher watcher, long revision) throws InterruptedException {
        List<WatchEvent.Changed> seen = new ArrayList<>();
        while (true) {
            Optional<WatchEvent> event = watcher.poll(Duration.ofMillis(20));
            if (event.isPresent()) {
                assertThat(event.get()).isInstanceOf(WatchEvent.Changed.class);
                seen.add((WatchEvent.Changed) event.get());
            } else if (watcher.bookmark()
                    .filter(mark -> Long.parseLong(mark.resourceVersion()) >= revision)
                    .isPresent()) {
                return seen;
            }
        }
    }

    /// Replays events from nothing; every step must be possible, and revisions must rise.
    private static Map<String, ObjectNode> replay(List<WatchEvent.Changed> events) {
        Map<String, ObjectNode> state = new TreeMap<>();
        long last = 0;
        for (WatchEvent.Changed event : events) {
            long revision = Long.parseLong(Meta.resourceVersion(event.object()));
            String key = Meta.key(event.object()).toString();
            assertThat(revision).as("%s of %s", event.change(), key).isGreaterThan(last);
            assertThat(state.containsKey(key))
                    .as("%s of %s at %d", event.change(), key, revision)
                    .isEqualTo(event.change() != ChangeKind.ADDED);
            if (event.change() == ChangeKind.DELETED) {
                state.remove(key);
            } else {
                state.put(key, event.object());
            }
            last = revision;
        }
        return state;
    }

    private Map<String, ObjectNode> listed(String namespace, Selection selection) {
        Map<String, ObjectNode> state = new TreeMap<>();
        registry.list(MAPS, dev.fairway.api.registry.ListQuery.of(namespace, selection))
                .items()
                .forEach(object -> state.put(Meta.key(object).toString(), object));
        return state;
    }

    @Test
    void everyWatcherSeesEveryChangeOnceAndInOrder() throws Exception {
        long seed = new Random().nextLong(1_000_000);
        System.Logger log = System.getLogger("test");
        log.log(System.Logger.Level.INFO, "seed {0}", seed);
        record Seen(String namespace, Selection selection, Watcher watcher) {}
        List<Seen> watchers = new ArrayList<>();
        String begin = Long.toString(registry.revision());
        for (String namespace : List.of("", "ns-0", "ns-1")) {
            for (Selection selection : List.of(
                    Selection.ALL,
                    new Selection("colour=red", ""),
                    new Selection("colour!=red", ""),
                    new Selection("colour in (red,green)", ""),
                    new Selection("", "metadata.name=cm-3"),
                    new Selection("", "metadata.name!=cm-3"),
                    new Selection("colour=blue", "metadata.namespace=ns-1"))) {
                watchers.add(new Seen(namespace, selection, watch(namespace, selection, begin)));
            }
        }
        writeTogether(seed);
        long end = registry.revision();
        for (Seen seen : watchers) {
            List<WatchEvent.Changed> live = drain(seen.watcher, end);
            assertThat(replay(live))
                    .as("seed %d, %s %s", seed, seen.namespace, seen.selection)
                    .isEqualTo(listed(seen.namespace, seen.selection));
            // Who comes late and starts at the same revision is told the same.
            try (Watcher late = watch(seen.namespace, seen.selection, begin)) {
                assertThat(drain(late, end).stream().map(WatchOrderTest::line))
                        .isEqualTo(live.stream().map(WatchOrderTest::line).toList());
            }
            seen.watcher.close();
        }
    }

    private static String line(WatchEvent.Changed event) {
        return event.change() + " " + event.object();
    }

    @Test
    void whatAWatcherLosesSightOfHasItsOldStateAndTheNewRevision() throws Exception {
        registry.create(MAPS, "ns-0", coloured("red", "1"), WRITE);
        try (Watcher red = watch("ns-0", new Selection("colour=red", ""), Long.toString(registry.revision()))) {
            registry.replace(MAPS, "ns-0", "cm", Section.MAIN, coloured("blue", "2"), WRITE);
            WatchEvent.Changed gone = drain(red, registry.revision()).getFirst();
            assertThat(gone.change()).isEqualTo(ChangeKind.DELETED);
            assertThat(Meta.labels(gone.object())).containsEntry("colour", "red");
            assertThat(Json.parse(gone.stored().json())).isEqualTo(gone.object());
            assertThat(Meta.resourceVersion(gone.object())).isEqualTo(Long.toString(registry.revision()));
        }
    }

    private static ObjectNode coloured(String colour, String value) {
        return Json.parse("""
                {"metadata": {"name": "cm", "labels": {"colour": "%s"}}, "data": {"v": "%s"}}
                """.formatted(colour, value));
    }

    @Test
    void aWatcherThatDoesNotReadIsEndedAndTheOthersAreNot() throws Exception {
        try (Watcher slow = watch("ns-0", Selection.ALL, "");
                Watcher quick = watch("ns-0", Selection.ALL, "")) {
            String big = "x".repeat(500_000);
            registry.create(MAPS, "ns-0", coloured("red", big), WRITE);
            int seen = 0;
            for (int i = 0; i < 60; i++) {
                registry.replace(MAPS, "ns-0", "cm", Section.MAIN, coloured("red", i + big), WRITE);
                while (quick.poll(Duration.ofMillis(5)).isPresent()) {
                    seen++;
                }
            }
            seen += drain(quick, registry.revision()).size();
            assertThat(seen).isEqualTo(61);
            WatchEvent last = slow.poll(Duration.ofSeconds(5)).orElseThrow();
            assertThat(last).isInstanceOf(WatchEvent.Ended.class);
        }
    }
}
