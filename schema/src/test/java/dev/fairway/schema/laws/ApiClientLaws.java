package dev.fairway.schema.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.client.ApiClient.Listing;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.ApiClient.WatchListener;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What every ApiClient promises, so that a controller cannot tell which one it was given. The namespace `default`
/// exists.
@Timeout(60)
public abstract class ApiClientLaws {

    private static final Resource MAPS = Resource.CONFIG_MAPS;

    /// The client under test, the same during one test.
    protected abstract ApiClient client();

    @Test
    void everyCollectionThatIsOfferedCanBeListed() {
        List<Resource> resources = client().resources();
        assertThat(resources)
                .doesNotHaveDuplicates()
                .contains(Resource.PODS, Resource.SERVICES, Resource.NODES, Resource.DEPLOYMENTS);
        assertThat(resources)
                .allSatisfy(resource -> assertThat(
                                client().list(resource, "", Selection.ALL).resourceVersion())
                        .isNotEmpty());
    }

    @Test
    void whatIsCreatedCanBeRead() {
        ObjectNode created = client().create(MAPS, map("a", "red"));
        assertThat(Meta.uid(created)).isNotEmpty();
        assertThat(Long.parseLong(Meta.resourceVersion(created))).isPositive();
        assertThat(Tree.text(created, "metadata", "creationTimestamp")).endsWith("Z");
        assertThat(Tree.text(created, "kind")).isEqualTo("ConfigMap");
        assertThat(client().get(MAPS, "default", "a")).contains(created);
    }

    @Test
    void whatIsMissingIsNoError() {
        assertThat(client().get(MAPS, "default", "a")).isEmpty();
        assertThat(client().get(Resource.NODES, "", "a")).isEmpty();
    }

    @Test
    void aNameIsTakenOnce() {
        create("a", "red");
        assertThat(refusal(() -> create("a", "blue")).isAlreadyExists()).isTrue();
    }

    @Test
    void namesAreGeneratedOnRequest() {
        ObjectNode unnamed = Json.parse("{\"metadata\": {\"namespace\": \"default\", \"generateName\": \"web-\"}}");
        String first = Meta.name(client().create(MAPS, unnamed));
        String second = Meta.name(client().create(MAPS, unnamed));
        assertThat(List.of(first, second)).doesNotHaveDuplicates().allMatch(name -> name.matches("web-[a-z0-9]{5}"));
    }

    @Test
    void anOldVersionReplacesNothing() {
        ObjectNode old = create("a", "red");
        ObjectNode now = client().update(MAPS, recoloured(old, "blue"));
        assertThat(version(now)).isGreaterThan(version(old));
        assertThat(refusal(() -> client().update(MAPS, recoloured(old, "green")))
                        .isConflict())
                .isTrue();
        assertThat(colour("a")).isEqualTo("blue");
    }

    @Test
    void withoutAVersionTheLastWriteStands() {
        create("a", "red");
        assertThat(client().update(MAPS, map("a", "blue"))).isNotNull();
        assertThat(colour("a")).isEqualTo("blue");
    }

    @Test
    void aWriteThatChangesNothingIsNoNewVersion() {
        ObjectNode before = create("a", "red");
        assertThat(client().update(MAPS, before)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"update", "patch", "delete"})
    void writesToWhatIsMissingAreRefused(String verb) {
        ApiException refusal = refusal(() -> {
            switch (verb) {
                case "update" -> client().update(MAPS, map("a", "red"));
                case "patch" -> client().patch(MAPS, "default", "a", "", Json.object());
                default -> client().delete(MAPS, "default", "a", DeleteOptions.DEFAULT);
            }
        });
        assertThat(refusal.isNotFound()).isTrue();
        assertThat(refusal.reason()).isEqualTo("NotFound");
        assertThat(refusal.text()).isEqualTo("configmaps \"a\" not found");
    }

    @Test
    void aPatchSetsAndRemoves() {
        create("a", "red");
        ObjectNode patched =
                client().patch(MAPS, "default", "a", "", Json.parse("{\"data\": {\"colour\": null, \"size\": \"9\"}}"));
        assertThat(Tree.textMap(patched, "data")).hasSize(1).containsEntry("size", "9");
    }

    @Test
    void aPatchMayInsistOnAVersion() {
        ObjectNode old = create("a", "red");
        assertThat(client().update(MAPS, recoloured(old, "blue"))).isNotNull();
        ObjectNode patch = Json.object();
        Tree.makeObject(patch, "metadata").put("resourceVersion", Meta.resourceVersion(old));
        Tree.makeObject(patch, "data").put("colour", "green");
        assertThat(refusal(() -> client().patch(MAPS, "default", "a", "", patch))
                        .isConflict())
                .isTrue();
    }

    @Test
    void statusAndTheRestAreWrittenApart() {
        ObjectNode node = client().create(Resource.NODES, Json.parse("{\"metadata\": {\"name\": \"n1\"}}"));
        ObjectNode status = node.deepCopy();
        Tree.makeObject(status, "metadata", "labels").put("zone", "kept");
        Tree.makeObject(status, "spec").put("unschedulable", true);
        Tree.makeObject(status, "status").put("phase", "Running");
        assertThat(client().updateStatus(Resource.NODES, status)).isNotNull();
        ObjectNode labelled = client().patch(Resource.NODES, "", "n1", "", Json.parse("""
            {"metadata": {"labels": {"rack": "kept"}}, "status": {"phase": "Lost"}}"""));
        assertThat(Tree.text(labelled, "status", "phase")).isEqualTo("Running");
        assertThat(Tree.flag(labelled, "spec", "unschedulable")).isFalse();
        assertThat(Meta.labels(labelled)).containsEntry("rack", "kept").containsEntry("zone", "kept");
    }

    @Test
    void deletionAsksForTheRightObject() {
        ObjectNode object = create("a", "red");
        assertThat(refusal(() -> delete("a", DeleteOptions.ofUid("another"))).isConflict())
                .isTrue();
        delete("a", DeleteOptions.ofUid(Meta.uid(object)));
        assertThat(client().get(MAPS, "default", "a")).isEmpty();
    }

    @Test
    void finalizersKeepWhatIsDeleted() {
        ObjectNode object = map("a", "red");
        Tree.makeObject(object, "metadata").putArray("finalizers").add("example.com/wait");
        assertThat(client().create(MAPS, object)).isNotNull();
        delete("a", DeleteOptions.DEFAULT);
        assertThat(client().get(MAPS, "default", "a").map(Meta::isBeingDeleted)).contains(true);
        assertThat(client().patch(MAPS, "default", "a", "", Json.parse("{\"metadata\": {\"finalizers\": null}}")))
                .isNotNull();
        assertThat(client().get(MAPS, "default", "a")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', '', a b c", "colour=red, '', a c", "'colour in (blue,green)', '', b", "'', metadata.name=c, c"})
    void listsSelect(String labels, String fields, String names) {
        create("a", "red");
        create("b", "blue");
        create("c", "red");
        Listing listing = client().list(MAPS, "default", new Selection(labels, fields));
        assertThat(listing.items())
                .extracting(Meta::name)
                .filteredOn(name -> name.length() == 1)
                .containsExactly(names.split(" "));
        assertThat(listing.items()).allMatch(item -> Tree.text(item, "kind").equals("ConfigMap"));
        assertThat(Long.parseLong(listing.resourceVersion())).isPositive();
    }

    @Test
    void longListsAreComplete() {
        for (int number = 0; number < 620; number++) {
            create("n%03d".formatted(number), "red");
        }
        List<ObjectNode> items =
                client().list(MAPS, "", new Selection("colour=red", "")).items();
        assertThat(items).extracting(Meta::name).hasSize(620).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aWatchTellsEveryChangeInOrder() {
        create("old", "red");
        Heard heard = new Heard();
        String from = client().list(MAPS, "default", Selection.ALL).resourceVersion();
        try (var _ = client().watch(MAPS, "default", Selection.ALL, from, heard)) {
            ObjectNode a = create("a", "red");
            assertThat(client().update(MAPS, recoloured(a, "blue"))).isNotNull();
            delete("a", DeleteOptions.DEFAULT);
            create("b", "red");
            assertThat(heard.next(4))
                    .containsExactly("ADDED a red", "MODIFIED a blue", "DELETED a blue", "ADDED b red");
        }
    }

    @Test
    void aWatchGoesOnWhereAnotherEnded() {
        ObjectNode first = create("a", "red");
        create("b", "red");
        delete("a", DeleteOptions.DEFAULT);
        Heard heard = new Heard();
        try (var _ = client().watch(MAPS, "", Selection.ALL, Meta.resourceVersion(first), heard)) {
            assertThat(heard.next(2)).containsExactly("ADDED b red", "DELETED a red");
        }
    }

    @Test
    void aSelectingWatchTellsWhatComesIntoSightAndLeavesIt() {
        Heard heard = new Heard();
        String from = client().list(MAPS, "default", Selection.ALL).resourceVersion();
        try (var _ = client().watch(MAPS, "default", new Selection("colour=red", ""), from, heard)) {
            ObjectNode a = create("a", "blue");
            ObjectNode red = client().update(MAPS, recoloured(a, "red"));
            assertThat(client().update(MAPS, recoloured(red, "green"))).isNotNull();
            assertThat(heard.next(2).stream().map(text -> text.split(" ")[0])).containsExactly("ADDED", "DELETED");
        }
    }

    @Test
    void aClosedWatchIsSilent() {
        Heard heard = new Heard();
        String from = client().list(MAPS, "default", Selection.ALL).resourceVersion();
        var watch = client().watch(MAPS, "default", Selection.ALL, from, heard);
        create("a", "red");
        assertThat(heard.next(1)).containsExactly("ADDED a red");
        watch.close();
        watch.close();
        create("b", "red");
        try (var _ = client().watch(MAPS, "default", Selection.ALL, from, heard)) {
            assertThat(heard.next(2)).containsExactly("ADDED a red", "ADDED b red");
        }
    }

    private ObjectNode create(String name, String colour) {
        return client().create(MAPS, map(name, colour));
    }

    private void delete(String name, DeleteOptions options) {
        client().delete(MAPS, "default", name, options);
    }

    private String colour(String name) {
        return client().get(MAPS, "default", name)
                .map(object -> Tree.text(object, "data", "colour"))
                .orElse("");
    }

    private static ObjectNode map(String name, String colour) {
        return Json.parse("""
            {"metadata": {"namespace": "default", "name": "%s", "labels": {"colour": "%s"}},
             "data": {"colour": "%s"}}""".formatted(name, colour, colour));
    }

    private static ObjectNode recoloured(ObjectNode object, String colour) {
        ObjectNode out = object.deepCopy();
        Tree.makeObject(out, "data").put("colour", colour);
        Tree.makeObject(out, "metadata", "labels").put("colour", colour);
        return out;
    }

    private static long version(ObjectNode object) {
        return Long.parseLong(Meta.resourceVersion(object));
    }

    private static ApiException refusal(ThrowingCallable call) {
        return catchThrowableOfType(ApiException.class, call);
    }

    /// Changes as `KIND name colour`, as they arrive.
    private static final class Heard implements WatchListener {

        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void changed(ChangeKind kind, ObjectNode object) {
            events.add(kind + " " + Meta.name(object) + " " + Tree.text(object, "data", "colour"));
        }

        @Override
        public void closed(Optional<ApiException> reason) {
            reason.ifPresent(it -> events.add("closed: " + it.text()));
        }

        List<String> next(int count) {
            return java.util.stream.IntStream.range(0, count)
                    .mapToObj(_ -> {
                        try {
                            return String.valueOf(events.poll(30, TimeUnit.SECONDS));
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
        }
    }
}
