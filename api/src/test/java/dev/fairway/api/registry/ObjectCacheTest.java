package dev.fairway.api.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Meta;
import dev.fairway.schema.codec.Protobuf;
import dev.fairway.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ObjectCacheTest {

    private final ObjectCache cache = new ObjectCache();

    private static Store.Entry entry(String name, long revision, String value) {
        String text = """
                {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"%s"},"data":{"a":"%s"}}\
                """.formatted(name, value);
        return new Store.Entry(
                "/core/configmaps/default/" + name, text.getBytes(StandardCharsets.UTF_8), revision, revision);
    }

    @Test
    void aRevisionIsDecodedOnceAndTellsItsVersion() {
        Store.Entry entry = entry("one", 7, "x");
        ObjectNode object = cache.object(entry);
        assertThat(Meta.resourceVersion(object)).isEqualTo("7");
        assertThat(cache.object(entry)).isSameAs(object);
        assertThat(cache.protobuf(entry)).isEqualTo(Protobuf.message(object)).isSameAs(cache.protobuf(entry));
    }

    @Test
    void anOlderRevisionDoesNotReplaceANewerOne() {
        ObjectNode newest = cache.object(entry("one", 8, "new"));
        assertThat(Meta.resourceVersion(cache.object(entry("one", 7, "old")))).isEqualTo("7");
        assertThat(cache.object(entry("one", 8, "new"))).isSameAs(newest);
    }

    @Test
    void whatIsDeletedIsForgotten() {
        ObjectNode object = cache.object(entry("one", 7, "x"));
        cache.drop("/core/configmaps/default/one", 7);
        assertThat(cache.object(entry("one", 7, "x"))).isSameAs(object);
        cache.drop("/core/configmaps/default/one", 8);
        assertThat(cache.object(entry("one", 7, "x"))).isEqualTo(object).isNotSameAs(object);
    }

    @Test
    void moreThanTheLimitIsReadAnewAndStillRight() {
        String large = "x".repeat(20_000);
        List<Store.Entry> entries = IntStream.range(0, 1_000)
                .mapToObj(i -> entry("large-" + i, i + 1, large))
                .toList();
        Set<ObjectNode> first = Collections.newSetFromMap(new IdentityHashMap<>());
        entries.forEach(entry -> first.add(cache.object(entry)));
        List<ObjectNode> again = entries.stream().map(cache::object).toList();
        assertThat(again).isEqualTo(entries.stream().map(ObjectCache::decode).toList());
        assertThat(again).anyMatch(object -> !first.contains(object));
    }
}
