package dev.fairway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.object.Conditions;
import dev.fairway.control.object.Owners;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/// Who goes with whom, and what keeps a namespace.
@Timeout(60)
@ParameterizedClass
@EnumSource(Ground.class)
class OwnershipScenarioTest {

    private static final Resource MAPS = Resource.CONFIG_MAPS;

    private final Cluster cluster;

    OwnershipScenarioTest(Ground ground) {
        cluster = new Cluster(ground);
    }

    @BeforeEach
    void makeNamespace() {
        cluster.apply(Resource.NAMESPACES, "{\"metadata\": {\"name\": \"shop\"}}");
        cluster.untilQuiet();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /// `c<a,b!` is owned by a and b, and blocks the deletion of b.
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
        what                                     | objects             | deleted      | left
        dependents follow in the background      | a b<a c<b           | a Background | -
        the owner goes at once all the same      | a b<a!              | a Background | -
        dependents go first in the foreground    | a b<a! c<b!         | a Foreground | -
        a dependent that does not block          | a b<a               | a Foreground | -
        a second owner keeps a dependent         | a b c<a,b           | a Background | b c<b
        a second owner, in the foreground        | a b c<a!,b!         | a Foreground | b c<b!
        orphans lose their owner only            | a b<a c<b           | a Orphan     | b c<b
        orphans keep other owners                | a b c<a,b           | a Orphan     | b c<b
        a circle, in the foreground              | a<c! b<a! c<b!      | a Foreground | -
        a circle, in the background              | a<c b<a c<b         | a Background | -
        a dependent's dependent by two ways      | a b<a! c<a! d<b!,c! | a Foreground | -
        """)
    void dependentsGoOrStay(String what, String objects, String deleted, String left) {
        for (String word : objects.split(" +")) {
            create(word.substring(0, 1));
        }
        for (String word : objects.split(" +")) {
            own(word);
        }
        String[] order = deleted.split(" ");
        cluster.api.delete(MAPS, "shop", order[0], new DeleteOptions(-1, "", order[1]));
        cluster.until(what, () -> described().equals(left.equals("-") ? "" : left));
    }

    @Test
    void anOwnerInAnotherNamespaceIsNoneAndPeopleAreTold() {
        cluster.apply(Resource.NAMESPACES, "{\"metadata\": {\"name\": \"office\"}}");
        ObjectNode owner = cluster.api.create(MAPS, named("office", "a"));
        ObjectNode dependent = named("shop", "b");
        Tree.makeObject(dependent, "metadata").putArray("ownerReferences").add(reference(owner, false));
        assertThat(cluster.api.create(MAPS, dependent)).isNotNull();
        cluster.until("b is gone", () -> cluster.api.get(MAPS, "shop", "b").isEmpty());
        cluster.until("told", () -> !cluster.events("OwnerRefInvalidNamespace").isEmpty());
        assertThat(cluster.events("OwnerRefInvalidNamespace"))
                .containsExactly(
                        "ownerRef [v1/ConfigMap, namespace: shop, name: a, uid: %s] does not exist in namespace \"shop\""
                                .formatted(Meta.uid(owner)));
        assertThat(cluster.api.get(MAPS, "office", "a")).isPresent();
    }

    @Test
    void aNamesakeOfTheOwnerIsNotTheOwner() {
        ObjectNode former = create("a");
        cluster.api.delete(MAPS, "shop", "a", DeleteOptions.DEFAULT);
        create("a");
        ObjectNode dependent = named("shop", "b");
        Tree.makeObject(dependent, "metadata").putArray("ownerReferences").add(reference(former, true));
        assertThat(cluster.api.create(MAPS, dependent)).isNotNull();
        cluster.until("b is gone", () -> cluster.api.get(MAPS, "shop", "b").isEmpty());
        assertThat(cluster.api.get(MAPS, "shop", "a")).isPresent();
    }

    @Test
    void anOwnerOfAKindThatIsNotServedCountsAsAlive() {
        ObjectNode object = named("shop", "b");
        Tree.makeObject(object, "metadata").putArray("ownerReferences").add(Json.parse("""
            {"apiVersion": "acme.example/v1", "kind": "Thing", "name": "a", "uid": "u-1"}"""));
        assertThat(cluster.api.create(MAPS, object)).isNotNull();
        cluster.untilQuiet();
        assertThat(cluster.api.get(MAPS, "shop", "b")).isPresent();
    }

    @Test
    void aNamespaceThatCannotGoSaysWhy() {
        ObjectNode pod = Json.parse("""
            {"metadata": {"namespace": "shop", "name": "solo", "finalizers": ["example.com/wait"]},
             "spec": {"containers": [{"name": "a", "image": "x"}]}}""");
        assertThat(cluster.api.create(Resource.PODS, pod)).isNotNull();
        create("a");
        cluster.api.delete(Resource.NAMESPACES, "", "shop", DeleteOptions.DEFAULT);
        cluster.until("conditions", () -> condition("NamespaceContentRemaining").startsWith("True"));
        assertThat(condition("NamespaceContentRemaining"))
                .isEqualTo("True SomeResourcesRemain Some resources are remaining: pods. has 1 resource instances");
        assertThat(condition("NamespaceFinalizersRemaining"))
                .isEqualTo("True SomeFinalizersRemain Some content in the namespace has finalizers remaining:"
                        + " example.com/wait in 1 resource instances");
        assertThat(condition("NamespaceDeletionDiscoveryFailure")).startsWith("False ResourcesDiscovered");
        assertThat(condition("NamespaceDeletionGroupVersionParsingFailure")).startsWith("False ParsedGroupVersions");
        assertThat(condition("NamespaceDeletionContentFailure")).startsWith("False ContentDeleted");
        assertThat(cluster.get(MAPS, "shop", "a").has("metadata")).isTrue();
        assertThat(Meta.isBeingDeleted(cluster.get(MAPS, "shop", "a"))).isFalse();

        cluster.patch(Resource.PODS, "shop", "solo", "{\"metadata\": {\"finalizers\": null}}");
        cluster.until("gone", () -> {
            cluster.pass(java.time.Duration.ofSeconds(1));
            return cluster.api.get(Resource.NAMESPACES, "", "shop").isEmpty();
        });
        assertThat(cluster.api.get(MAPS, "shop", "a")).isEmpty();
    }

    private String condition(String type) {
        return Conditions.find(cluster.get(Resource.NAMESPACES, "", "shop"), type)
                .map(it -> String.join(" ", Tree.text(it, "status"), Tree.text(it, "reason"), Tree.text(it, "message")))
                .orElse("");
    }

    private ObjectNode create(String name) {
        return cluster.api.create(MAPS, named("shop", name));
    }

    private static ObjectNode named(String namespace, String name) {
        ObjectNode out = Json.object();
        Tree.makeObject(out, "metadata").put("namespace", namespace).put("name", name);
        return out;
    }

    private void own(String word) {
        String[] parts = word.split("<");
        if (parts.length == 1) {
            return;
        }
        ObjectNode change = Json.object();
        var references = Tree.makeObject(change, "metadata").putArray("ownerReferences");
        for (String owner : parts[1].split(",")) {
            references.add(reference(cluster.get(MAPS, "shop", owner.substring(0, 1)), owner.endsWith("!")));
        }
        cluster.patch(MAPS, "shop", parts[0], Json.toText(change));
    }

    private static ObjectNode reference(ObjectNode owner, boolean blocks) {
        return Json.object()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put("name", Meta.name(owner))
                .put("uid", Meta.uid(owner))
                .put("blockOwnerDeletion", blocks);
    }

    private String described() {
        List<String> words = cluster.list(MAPS, "shop").stream()
                .filter(object -> Meta.name(object).length() == 1)
                .map(object -> Meta.name(object) + owners(object))
                .toList();
        return String.join(" ", words);
    }

    private static String owners(ObjectNode object) {
        List<String> names = Owners.references(object).stream()
                .map(reference ->
                        Tree.text(reference, "name") + (Tree.flag(reference, "blockOwnerDeletion") ? "!" : ""))
                .toList();
        return names.isEmpty() ? "" : "<" + Objects.requireNonNull(String.join(",", names));
    }
}
