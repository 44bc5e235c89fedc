package dev.fairway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// What only a client of a server somewhere else meets.
@Timeout(120)
class RemoteApiClientTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private RealServer server;
    private RemoteApiClient client;

    @BeforeEach
    void start() throws IOException {
        server = new RealServer(folder);
        client = RemoteApiClient.open(server.kubeconfig(), "tester");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aRestartedServerCostsAMirrorNothing() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        create("before");
        try (Mirror mirror = Mirror.start(
                client,
                Resource.CONFIG_MAPS,
                "default",
                Selection.ALL,
                (key, was, now) -> heard.add((was.isEmpty() ? "new " : "changed ") + key.name()))) {
            until("the first list", () -> mirror.get("default", "before").isPresent());
            server.awayDuring(
                    () -> until("the mirror notices", () -> mirror.problem().isPresent()));
            create("after");
            until("the new object", () -> mirror.get("default", "after").isPresent());
            assertThat(mirror.problem()).isEmpty();
            assertThat(heard.stream().filter(text -> text.startsWith("changed")))
                    .isEmpty();
            assertThat(heard).contains("new before", "new after").doesNotHaveDuplicates();
        }
    }

    @Test
    void aServerThatIsAwayIsARefusalThatSaysSo() throws Exception {
        server.awayDuring(() -> assertThat(catchThrowableOfType(ApiException.class, () -> create("a")))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(503);
                    assertThat(refusal.text()).startsWith("cannot reach the API server at " + server.url());
                }));
    }

    @Test
    void causesComeThroughWithTheirFields() {
        ObjectNode service = Json.parse("""
            {"metadata": {"namespace": "default", "name": "web"}, "spec": {"ports": [{"port": 70000}]}}""");
        ApiException refusal =
                catchThrowableOfType(ApiException.class, () -> client.create(Resource.SERVICES, service));
        assertThat(refusal.code()).isEqualTo(422);
        assertThat(refusal.reason()).isEqualTo("Invalid");
        assertThat(refusal.details().causes())
                .extracting(ApiException.Cause::field)
                .contains("spec.ports[0].port");
    }

    /// A JVM that exits waits for a thread that is in the kernel.
    @Test
    void aClosedClientHasNoThreadLeftThatListens() {
        client.resources();
        assertThat(listening()).isPositive();
        client.close();
        assertThat(listening()).isZero();
    }

    private static long listening() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().endsWith("SelectorManager"))
                .count();
    }

    @Test
    void anUnknownFieldIsRefusedNotDropped() {
        ObjectNode object = Json.parse("{\"metadata\": {\"namespace\": \"default\", \"name\": \"a\"}, \"dta\": {}}");
        assertThatThrownBy(() -> client.create(Resource.CONFIG_MAPS, object)).hasMessageContaining("dta");
    }

    @Test
    void anUnknownCollectionIsNotAMissingObject() {
        Resource things = new Resource("acme.example", "v1", "things", "Thing", true);
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> client.get(things, "default", "a"));
        assertThat(refusal.code()).isEqualTo(404);
    }

    @Test
    void aWatchFromTheFutureEndsWithItsReason() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Mirror mirror = Mirror.start(
                client, Resource.CONFIG_MAPS, "", Selection.ALL, (key, was, now) -> heard.add(key.name()))) {
            until("the list", mirror::isSynced);
            create("a");
            until("the change", () -> mirror.objects().containsKey(new ObjectKey("default", "a")));
        }
        assertThat(heard).contains("a");
    }

    @Test
    void aKubeconfigThatLeadsNowhereIsRefusedAtOnce() throws IOException {
        assertThatThrownBy(() -> RemoteApiClient.open(folder.resolve("none"), "tester"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot read kubeconfig");
        Path empty = Files.writeString(folder.resolve("empty"), "apiVersion: v1\nkind: Config\n");
        assertThatThrownBy(() -> RemoteApiClient.open(empty, "tester"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("current-context");
    }

    @Test
    void anEmptySelectionOfAllNamespacesFindsAll() {
        ObjectNode namespace = Json.parse("{\"metadata\": {\"name\": \"shop\"}}");
        assertThat(client.create(Resource.NAMESPACES, namespace)).isNotNull();
        create("a");
        ObjectNode other = Json.object();
        Tree.makeObject(other, "metadata").put("namespace", "shop").put("name", "b");
        assertThat(client.create(Resource.CONFIG_MAPS, other)).isNotNull();
        assertThat(client.list(Resource.CONFIG_MAPS, "", Selection.ALL).items())
                .extracting(Meta::key)
                .contains(new ObjectKey("default", "a"), new ObjectKey("shop", "b"));
    }

    private void create(String name) {
        ObjectNode object = Json.object();
        Tree.makeObject(object, "metadata").put("namespace", "default").put("name", name);
        assertThat(client.create(Resource.CONFIG_MAPS, object)).isNotNull();
    }

    private static void until(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited too long for %s", what).isBefore(end);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
