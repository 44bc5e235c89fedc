package dev.fairway.schema.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.memory.MemoryApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class MirrorTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final MemoryApi api = new MemoryApi();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private Mirror mirror = startOf(Selection.ALL);

    private Mirror startOf(Selection selection) {
        return Mirror.start(api, Resource.PODS, "", selection, (key, before, now) -> {
            String verb = before.isEmpty() ? "new" : now.isEmpty() ? "gone" : "changed";
            heard.add(verb + " " + key);
        });
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    @Test
    void followsEveryChangeInOrder() {
        assertThat(mirror.awaitSynced(LIMIT)).isTrue();
        api.create(Resource.PODS, pod("web", 1));
        api.update(Resource.PODS, pod("web", 2));
        api.delete(Resource.PODS, "shop", "web", DeleteOptions.DEFAULT);

        assertThat(hear()).isEqualTo("new shop/web");
        assertThat(hear()).isEqualTo("changed shop/web");
        assertThat(hear()).isEqualTo("gone shop/web");
        assertThat(mirror.objects()).isEmpty();
    }

    @Test
    void showsWhatWasThereBeforeItStarted() {
        mirror.close();
        api.create(Resource.PODS, pod("web", 1));
        mirror = startOf(Selection.ALL);
        assertThat(mirror.awaitSynced(LIMIT)).isTrue();
        assertThat(mirror.objects()).containsOnlyKeys(new ObjectKey("shop", "web"));
        assertThat(mirror.get("shop", "web").map(Meta::name)).contains("web");
    }

    @Test
    void aChangeThatLeavesTheSelectionIsADeletion() {
        mirror.close();
        mirror = startOf(new Selection("color=blue", ""));
        api.create(Resource.PODS, coloured("web", "blue"));
        assertThat(hear()).isEqualTo("new shop/web");
        api.update(Resource.PODS, coloured("web", "red"));
        assertThat(hear()).isEqualTo("gone shop/web");
    }

    @Test
    void goesOnWhereALostWatchWas() {
        assertThat(mirror.awaitSynced(LIMIT)).isTrue();
        api.create(Resource.PODS, pod("a", 1));
        assertThat(hear()).isEqualTo("new shop/a");

        api.endWatches(Optional.empty());
        api.create(Resource.PODS, pod("b", 1));

        assertThat(hear()).isEqualTo("new shop/b");
        assertThat(lists()).isEqualTo(1);
    }

    @Test
    void listsAgainAfterCompactionAndTellsOnlyTheDifferences() {
        api.create(Resource.PODS, pod("kept", 1));
        api.create(Resource.PODS, pod("removed", 1));
        assertThat(hear()).isEqualTo("new shop/kept");
        assertThat(hear()).isEqualTo("new shop/removed");

        api.refuse(call -> call.startsWith("watch") ? unavailable() : Optional.empty());
        api.endWatches(Optional.of(new ApiException(410, "Expired", "too old")));
        api.delete(Resource.PODS, "shop", "removed", DeleteOptions.DEFAULT);
        api.create(Resource.PODS, pod("added", 1));
        api.compact();
        api.refuse(call -> Optional.empty());

        assertThat(Stream.generate(this::hear).limit(2).toList())
                .containsExactlyInAnyOrder("new shop/added", "gone shop/removed");
        assertThat(heard).isEmpty();
        assertThat(lists()).isGreaterThan(1);
    }

    @Test
    void waitsForAServerThatHasNotReachedItsRevision() {
        api.create(Resource.PODS, pod("a", 1));
        assertThat(hear()).isEqualTo("new shop/a");

        AtomicInteger refusals = new AtomicInteger(3);
        api.refuse(call ->
                call.startsWith("watch") && refusals.getAndDecrement() > 0 ? Optional.of(behind()) : Optional.empty());
        api.endWatches(Optional.empty());
        api.create(Resource.PODS, pod("b", 1));

        assertThat(hear()).isEqualTo("new shop/b");
        assertThat(lists()).isEqualTo(1);
    }

    @Test
    void listsAgainWhenTheServerStaysBehind() throws InterruptedException {
        assertThat(mirror.awaitSynced(LIMIT)).isTrue();
        api.refuse(call -> call.startsWith("watch") ? Optional.of(behind()) : Optional.empty());
        api.endWatches(Optional.empty());
        until(() -> lists() > 1);
    }

    private static ApiException behind() {
        return new ApiException(504, "Timeout", "Too large resource version: 9, current: 7");
    }

    @Test
    void keepsTheLastStateWhileTheServerIsAway() throws InterruptedException {
        api.create(Resource.PODS, pod("web", 1));
        assertThat(hear()).isEqualTo("new shop/web");

        api.refuse(call -> unavailable());
        api.endWatches(unavailable());
        until(() -> mirror.problem().isPresent());
        assertThat(mirror.objects()).hasSize(1);

        api.refuse(call -> Optional.empty());
        until(() -> mirror.problem().isEmpty());
        assertThat(mirror.objects()).hasSize(1);
    }

    @Test
    void aFailingListenerDoesNotEndTheMirror() throws InterruptedException {
        AtomicInteger failures = new AtomicInteger(1);
        try (Mirror fragile = Mirror.start(api, Resource.PODS, "", Selection.ALL, (key, before, now) -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("listener of " + key + " failed");
            }
        })) {
            api.create(Resource.PODS, pod("a", 1));
            until(() -> fragile.objects().size() == 1);
            api.create(Resource.PODS, pod("b", 1));
            until(() -> fragile.objects().size() == 2);
        }
    }

    @Test
    void whoKeepsAPartHearsOfTheWhole() throws InterruptedException {
        api.create(Resource.PODS, pod("a", 1));
        List<String> told = new CopyOnWriteArrayList<>();
        Mirror.Listener listener = (key, before, now) -> told.add(key + " "
                + before.map(it -> it.has("spec")) + " "
                + now.map(it -> Tree.number(it, 0, "spec", "number")));
        try (Mirror lean = Mirror.start(
                api,
                Resource.PODS,
                "",
                Selection.ALL,
                listener,
                whole -> whole.deepCopy().without("spec"))) {
            assertThat(lean.awaitSynced(LIMIT)).isTrue();
            api.update(Resource.PODS, pod("a", 2));
            until(() -> told.size() == 2);

            assertThat(told).containsExactly("shop/a Optional.empty Optional[1]", "shop/a Optional[false] Optional[2]");
            assertThat(lean.get("shop", "a").orElseThrow().has("spec")).isFalse();
        }
    }

    @Test
    void aClosedMirrorLeavesNoWatch() throws InterruptedException {
        until(() -> api.openWatches() == 1);
        mirror.close();
        until(() -> api.openWatches() == 0);
    }

    @Test
    void aClosedMirrorTellsNothingMore() throws Exception {
        mirror.close();
        api.create(Resource.PODS, pod("a", 1));
        api.create(Resource.PODS, pod("b", 1));
        CompletableFuture<Mirror> started = new CompletableFuture<>();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        started.complete(Mirror.start(api, Resource.PODS, "", Selection.ALL, (key, before, now) -> {
            heard.add(key.toString());
            started.join().close();
            thread.complete(Thread.currentThread());
        }));

        assertThat(thread.get(10, TimeUnit.SECONDS).join(LIMIT)).isTrue();
        assertThat(heard).containsExactly("shop/a");
    }

    /// Whatever is written and however often watches end, the mirror ends up equal to the collection.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void endsUpEqualToTheCollection(long seed) throws InterruptedException {
        Random random = new Random(seed);
        for (int step = 0; step < 400; step++) {
            mutate(random);
        }
        until(() -> mirror.objects().values().stream()
                .toList()
                .equals(api.list(Resource.PODS, "", Selection.ALL).items()));
    }

    private void mutate(Random random) {
        String name = "p" + random.nextInt(10);
        boolean exists = api.get(Resource.PODS, "shop", name).isPresent();
        switch (random.nextInt(12)) {
            case 0 -> api.endWatches(Optional.empty());
            case 1 -> {
                api.compact();
                api.endWatches(Optional.of(new ApiException(410, "Expired", "compacted")));
            }
            case 2, 3, 4 -> {
                if (exists) {
                    api.delete(Resource.PODS, "shop", name, DeleteOptions.DEFAULT);
                }
            }
            default -> {
                ObjectNode pod = pod(name, random.nextInt());
                ObjectNode written = exists ? api.update(Resource.PODS, pod) : api.create(Resource.PODS, pod);
                assertThat(Meta.name(written)).isEqualTo(name);
            }
        }
    }

    private String hear() {
        try {
            return Optional.ofNullable(heard.poll(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .orElseThrow(() -> new AssertionError("heard nothing; problem: " + mirror.problem()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private long lists() {
        return api.calls().stream().filter(call -> call.startsWith("list")).count();
    }

    private static Optional<ApiException> unavailable() {
        return Optional.of(new ApiException(503, "ServiceUnavailable", "the server is away"));
    }

    private static ObjectNode pod(String name, int number) {
        ObjectNode pod = Json.object();
        Tree.makeObject(pod, "metadata").put("namespace", "shop").put("name", name);
        Tree.makeObject(pod, "spec").put("number", number);
        return pod;
    }

    private static ObjectNode coloured(String name, String color) {
        ObjectNode pod = pod(name, 1);
        Tree.makeObject(pod, "metadata", "labels").put("color", color);
        return pod;
    }
}
