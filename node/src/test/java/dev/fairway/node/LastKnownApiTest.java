package dev.fairway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.client.ApiClient.Listing;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import dev.fairway.schema.memory.MemoryApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class LastKnownApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final MemoryApi server = new MemoryApi();

    private static ObjectNode service(String name) {
        return Json.parse("""
                {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "default", "name": "%s"},
                 "spec": {"clusterIP": "10.96.0.9"}}""".formatted(name));
    }

    /// A server that cannot be reached.
    private static MemoryApi unreachable() {
        MemoryApi away = new MemoryApi();
        away.refuse(_ -> Optional.of(new ApiException(503, "ServiceUnavailable", "cannot reach the API server")));
        return away;
    }

    private static List<String> names(Listing listing) {
        return listing.items().stream().map(Meta::name).toList();
    }

    @Test
    void aStartWithoutAServerBeginsWithWhatWasListedAndWatchedLast() throws Exception {
        server.create(Resource.SERVICES, service("first"));
        server.create(Resource.SERVICES, service("second"));
        try (LastKnownApi api = LastKnownApi.open(server, folder);
                Mirror mirror = Mirror.start(api, Resource.SERVICES, "", Selection.ALL, Mirror.Listener.NONE)) {
            assertThat(mirror.awaitSynced(PATIENCE)).isTrue();
            server.create(Resource.SERVICES, service("third"));
            server.delete(Resource.SERVICES, "default", "first", DeleteOptions.DEFAULT);
            for (int i = 0; i < 200 && mirror.get("default", "first").isPresent(); i++) {
                Thread.sleep(20);
            }
        }

        try (LastKnownApi api = LastKnownApi.open(unreachable(), folder)) {
            Listing known = api.list(Resource.SERVICES, "", Selection.ALL);
            assertThat(names(known)).containsExactly("second", "third");
            assertThat(known.resourceVersion())
                    .isEqualTo(server.list(Resource.SERVICES, "", Selection.ALL).resourceVersion());
        }
    }

    /// The server that answers at last may be another one, where the revision known last means something else.
    @Test
    void aServerThatAnswersAgainIsListedAnew() throws Exception {
        server.create(Resource.SERVICES, service("first"));
        try (LastKnownApi api = LastKnownApi.open(server, folder)) {
            api.list(Resource.SERVICES, "", Selection.ALL);
        }
        MemoryApi other = unreachable();
        try (LastKnownApi api = LastKnownApi.open(other, folder);
                Mirror mirror = Mirror.start(api, Resource.SERVICES, "", Selection.ALL, Mirror.Listener.NONE)) {
            assertThat(mirror.awaitSynced(PATIENCE)).isTrue();
            assertThat(mirror.get("default", "first")).isPresent();
            other.refuse(_ -> Optional.empty());
            other.create(Resource.SERVICES, service("fresh"));
            for (int i = 0; i < 500 && mirror.get("default", "first").isPresent(); i++) {
                Thread.sleep(20);
            }
            assertThat(mirror.objects().values()).extracting(Meta::name).containsExactly("fresh");
        }
    }

    @Test
    void aServerThatForbidsIsHeard() throws Exception {
        server.create(Resource.SERVICES, service("first"));
        try (LastKnownApi api = LastKnownApi.open(server, folder)) {
            api.list(Resource.SERVICES, "", Selection.ALL);
        }
        MemoryApi strict = new MemoryApi();
        strict.refuse(_ -> Optional.of(new ApiException(403, "Forbidden", "services is forbidden")));
        try (LastKnownApi api = LastKnownApi.open(strict, folder)) {
            assertThatThrownBy(() -> api.list(Resource.SERVICES, "", Selection.ALL))
                    .hasMessageContaining("services is forbidden");
        }
    }

    @Test
    void selectionsAreKeptApart() throws Exception {
        server.create(Resource.SERVICES, service("one"));
        try (LastKnownApi api = LastKnownApi.open(server, folder)) {
            api.list(Resource.SERVICES, "", Selection.ALL);
        }
        try (LastKnownApi api = LastKnownApi.open(unreachable(), folder)) {
            assertThatThrownBy(() -> api.list(Resource.SERVICES, "", new Selection("", "metadata.name=one")))
                    .isInstanceOf(ApiException.class);
            assertThatThrownBy(() -> api.list(Resource.NODES, "", Selection.ALL))
                    .isInstanceOf(ApiException.class);
        }
    }

    @Test
    void whatCouldNotBeSavedIsSavedWithTheNextList() throws Exception {
        Path inTheWay = Files.createDirectory(folder.resolve("services.lines.listed"));
        server.create(Resource.SERVICES, service("first"));
        try (LastKnownApi api = LastKnownApi.open(server, folder)) {
            assertThat(names(api.list(Resource.SERVICES, "", Selection.ALL))).containsExactly("first");
            api.saveAll();
            Files.delete(inTheWay);
            api.list(Resource.SERVICES, "", Selection.ALL);
        }
        try (LastKnownApi api = LastKnownApi.open(unreachable(), folder)) {
            assertThat(names(api.list(Resource.SERVICES, "", Selection.ALL))).containsExactly("first");
        }
    }

    @Test
    void aFileThatIsDamagedCountsAsNone() throws Exception {
        Files.writeString(folder.resolve("services.lines"), "+{\"metadata\": {\"name\": \"a\"}}\n=7");
        try (LastKnownApi api = LastKnownApi.open(unreachable(), folder)) {
            assertThatThrownBy(() -> api.list(Resource.SERVICES, "", Selection.ALL))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("cannot reach");
        }
    }
}
