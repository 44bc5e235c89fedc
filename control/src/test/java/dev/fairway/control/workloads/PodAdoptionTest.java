package dev.fairway.control.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.loop.Write;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.memory.MemoryApi;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PodAdoptionTest {

    private final MemoryApi api = new MemoryApi();
    private final ObjectNode set = api.create(Resource.REPLICA_SETS, Json.parse("""
            {"metadata": {"namespace": "shop", "name": "web", "finalizers": ["example.com/wait"]}}"""));
    private final ObjectNode pod =
            api.create(Resource.PODS, Json.parse("{\"metadata\": {\"namespace\": \"shop\", \"name\": \"web-1\"}}"));

    @Test
    void anOwnerThatLivesAdopts() {
        assertThat(written()).singleElement().isInstanceOf(Write.Patch.class);
    }

    @Test
    void anOwnerThatIsBeingDeletedLetsItsOrphansGoAlthoughTheMirrorShowsItAlive() {
        api.delete(Resource.REPLICA_SETS, "shop", "web", DeleteOptions.DEFAULT);
        assertThat(written()).isEmpty();
    }

    @Test
    void anOtherOwnerOfTheSameNameIsNotTheOneThatWasSeen() {
        api.patch(Resource.REPLICA_SETS, "shop", "web", "", Json.parse("{\"metadata\": {\"finalizers\": null}}"));
        api.delete(Resource.REPLICA_SETS, "shop", "web", DeleteOptions.DEFAULT);
        assertThat(written()).isEmpty();
        assertThat(api.create(
                        Resource.REPLICA_SETS,
                        Json.parse("{\"metadata\": {\"namespace\": \"shop\", \"name\": \"web\"}}")))
                .isNotNull();
        assertThat(written()).isEmpty();
    }

    /// What comes of the fresh look, for an owner as it was first seen.
    private List<Write> written() {
        return new PodAdoption(api)
                .adopt(Resource.PODS, List.of(pod), Resource.REPLICA_SETS, set).stream()
                        .flatMap(write ->
                                write instanceof Write.Outside look ? look.step().get().stream() : Stream.of(write))
                        .toList();
    }
}
