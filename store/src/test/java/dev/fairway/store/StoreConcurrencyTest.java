package dev.fairway.store;

import static dev.fairway.store.Keys.absent;
import static dev.fairway.store.Keys.at;
import static dev.fairway.store.Keys.delete;
import static dev.fairway.store.Keys.done;
import static dev.fairway.store.Keys.guarded;
import static dev.fairway.store.Keys.put;
import static dev.fairway.store.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many writers and watchers at once, with seeded changes; the seed is in every failure text.
class StoreConcurrencyTest {

    private static final int WRITERS = 8;
    private static final int CHANGES = 300;

    @TempDir
    Path folder;

    private Store open(String engine) {
        return engine.equals("memory") ? Stores.memory() : Stores.sqlite(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "sqlite"})
    void everyWatchHearsEveryChangeOnceInOrder(String engine) throws Exception {
        long seed = System.nanoTime();
        try (Store store = open(engine)) {
            List<Recorder> watchers = new ArrayList<>();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(Thread.startVirtualThread(() -> change(store, new Random(seed + writer))));
                Recorder heard = new Recorder();
                store.watch("/k/", store.revision(), heard);
                watchers.add(heard);
            }
            Recorder whole = new Recorder();
            store.watch("/k/", 1, whole);
            for (Thread writer : writers) {
                writer.join();
            }
            done(store, put("/k/end", "end"));
            List<Store.Event> all = awaitEnd(whole);
            assertThat(replayed(all)).as("seed %d", seed).isEqualTo(state(store));
            for (Recorder watcher : watchers) {
                List<Store.Event> heard = awaitEnd(watcher);
                assertThat(heard)
                        .as("seed %d: a watch that began later hears exactly the rest", seed)
                        .isEqualTo(all.subList(all.size() - heard.size(), all.size()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "sqlite"})
    void guardedIncrementsLoseNothing(String engine) throws Exception {
        try (Store store = open(engine)) {
            guarded(store, List.of(absent("/counter")), put("/counter", "0"));
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(Thread.startVirtualThread(() -> {
                    for (int n = 0; n < 100; n++) {
                        increment(store);
                    }
                }));
            }
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(value(store, "/counter")).contains("" + WRITERS * 100);
            assertThat(store.revision()).isEqualTo(2 + WRITERS * 100);
        }
    }

    private static void increment(Store store) {
        Store.CommitResult result;
        do {
            Store.Entry entry = store.get("/counter").orElseThrow();
            String next = "" + (Integer.parseInt(Keys.text(entry)) + 1);
            result = guarded(store, List.of(at("/counter", entry.revision())), put("/counter", next));
        } while (result instanceof Store.CommitResult.Refused);
    }

    private static void change(Store store, Random random) {
        for (int i = 0; i < CHANGES; i++) {
            String key = "/k/" + random.nextInt(20);
            done(store, random.nextInt(4) == 0 ? delete(key) : put(key, "v" + random.nextInt(1_000_000)));
        }
    }

    private static List<Store.Event> awaitEnd(Recorder recorder) throws InterruptedException {
        int count = 1;
        List<Store.Event> events = recorder.await(count);
        while (!events.getLast().now().key().equals("/k/end")) {
            count = events.size() + 1;
            events = recorder.await(count);
        }
        return events;
    }

    private static Map<String, String> replayed(List<Store.Event> events) {
        Map<String, String> state = new TreeMap<>();
        long last = 0;
        for (Store.Event event : events) {
            assertThat(event.revision()).isGreaterThan(last);
            last = event.revision();
            if (event.deleted()) {
                state.remove(event.now().key());
            } else {
                state.put(event.now().key(), Keys.text(event.now()));
            }
        }
        return state;
    }

    private static Map<String, String> state(Store store) {
        Map<String, String> state = new TreeMap<>();
        store.list("/k/").entries().forEach(entry -> state.put(entry.key(), Keys.text(entry)));
        return state;
    }
}
