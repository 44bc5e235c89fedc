package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
import dev.fairway.schema.codec.Format;
import dev.fairway.store.Store;
import dev.fairway.store.Stores;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Watches over HTTP, event by event.
class WatchTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private Cluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.start();
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private ObjectNode put(String name, String colour) {
        ObjectNode object = Json.parse("""
                {"metadata": {"name": "%s", "namespace": "default", "labels": {"colour": "%s"}}}
                """.formatted(name, colour));
        return cluster.client.get(Resource.CONFIG_MAPS, "default", name).isPresent()
                ? cluster.client.update(Resource.CONFIG_MAPS, object)
                : cluster.client.create(Resource.CONFIG_MAPS, object);
    }

    private void delete(String name) {
        cluster.client.delete(Resource.CONFIG_MAPS, "default", name, ApiClient.DeleteOptions.DEFAULT);
    }

    /// Reads events as `TYPE name`.
    private static List<String> events(BufferedReader reader, int count) throws Exception {
        List<String> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ObjectNode event = Json.parse(String.valueOf(reader.readLine()));
            out.add(Tree.text(event, "type") + " " + Tree.text(event, "object", "metadata", "name"));
        }
        return out;
    }

    private static BufferedReader open(Http http, String path, String... headers) throws Exception {
        var response = http.open(path, headers);
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void changesArriveInOrder(HttpClient.Version version) throws Exception {
        put("old", "red");
        try (Http http = Http.of(cluster, version);
                BufferedReader watch = open(http, MAPS + "?watch=true")) {
            put("new", "red");
            put("new", "blue");
            delete("old");
            assertThat(events(watch, 4)).containsExactly("ADDED old", "ADDED new", "MODIFIED new", "DELETED old");
        }
    }

    @Test
    void aWatchResumesWhereTheListWas() throws Exception {
        put("a", "red");
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1)) {
            String revision = Tree.text(http.get(MAPS), "metadata", "resourceVersion");
            put("b", "red");
            delete("a");
            try (BufferedReader watch = open(http, MAPS + "?watch=true&resourceVersion=" + revision)) {
                assertThat(events(watch, 2)).containsExactly("ADDED b", "DELETED a");
            }
        }
    }

    @Test
    void startingAndStoppingToMatchLooksLikeComingAndGoing() throws Exception {
        put("a", "red");
        put("b", "blue");
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
                BufferedReader watch = open(http, MAPS + "?watch=true&labelSelector=colour%3Dred")) {
            put("b", "red");
            put("a", "blue");
            put("c", "green");
            delete("b");
            assertThat(events(watch, 4)).containsExactly("ADDED a", "ADDED b", "DELETED a", "DELETED b");
        }
    }

    @Test
    void theDeletedStateCarriesTheRevisionOfTheDeletion() throws Exception {
        ObjectNode made = put("a", "red");
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
                BufferedReader watch = open(http, MAPS + "?watch=true&resourceVersion=" + Meta.resourceVersion(made))) {
            delete("a");
            ObjectNode event = Json.parse(String.valueOf(watch.readLine()));
            long revision = Long.parseLong(Tree.text(event, "object", "metadata", "resourceVersion"));
            assertThat(revision).isGreaterThan(Long.parseLong(Meta.resourceVersion(made)));
            assertThat(Tree.text(event, "object", "metadata", "labels", "colour"))
                    .isEqualTo("red");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
                "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1&resourceVersion=1",
                "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks&resourceVersion=0",
                "allowWatchBookmarks=true&resourceVersion=0",
                "allowWatchBookmarks=true"
            })
    void initialEventsEndWithABookmark(String query) throws Exception {
        put("a", "red");
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
                BufferedReader watch = open(http, MAPS + "?watch=true&" + query)) {
            assertThat(events(watch, 1)).containsExactly("ADDED a");
            ObjectNode mark = Json.parse(String.valueOf(watch.readLine()));
            assertThat(Tree.text(mark, "type")).isEqualTo("BOOKMARK");
            assertThat(Meta.annotation(mark.get("object"), "k8s.io/initial-events-end"))
                    .isEqualTo("true");
            put("b", "red");
            assertThat(events(watch, 1)).containsExactly("ADDED b");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # parameters of a watch when "a" is there and "b" comes     | events
            sendInitialEvents=true&resourceVersionMatch=NotOlderThan    | ADDED a, ADDED b
            sendInitialEvents=false&resourceVersionMatch=NotOlderThan   | ADDED b
            resourceVersion=0                                           | ADDED a, ADDED b
            fieldSelector=metadata.name%3Db                             | ADDED b
            fieldSelector=metadata.name!%3Db,metadata.namespace=default | ADDED a
            labelSelector=colour in (red),!x                            | ADDED a, ADDED b
            """)
    void theStateComesFirstWhereItIsWanted(String query, String expected) throws Exception {
        put("a", "red");
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
                BufferedReader watch = open(http, MAPS + "?watch=true&" + query.replace(" ", "%20"))) {
            put("b", "red");
            List<String> wanted = List.of(expected.split(", "));
            assertThat(events(watch, wanted.size())).isEqualTo(wanted);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # an old path                                 | events
            /api/v1/watch/configmaps                      | ADDED a, ADDED b
            /api/v1/watch/namespaces/default/configmaps   | ADDED a, ADDED b
            /api/v1/watch/namespaces/default/configmaps/b | ADDED b
            /api/v1/watch/namespaces/default              | ADDED default
            """)
    void oldPathsOfWatchesStillMeanTheSame(String path, String expected) throws Exception {
        put("a", "red");
        put("b", "red");
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
                BufferedReader watch = open(http, path)) {
            List<String> wanted = List.of(expected.split(", "));
            assertThat(events(watch, wanted.size())).isEqualTo(wanted);
        }
    }

    @Test
    void aRevisionThatIsNoLongerKeptIsAnErrorAmongTheEvents() throws Exception {
        Store store = Stores.memory();
        store.commit(new Store.Transaction(List.of(), List.of(new Store.Change.Put("/a/b//c", new byte[0]))));
        Store forgetful = new PassingStore(store) {
            @Override
            public long compactedRevision() {
                return revision();
            }
        };
        try (Cluster young = Cluster.start(NodeDirectory.none(), forgetful);
                Http http = Http.of(young, HttpClient.Version.HTTP_1_1)) {
            BufferedReader watch = open(http, MAPS + "?watch=true&resourceVersion=1");
            ObjectNode event = Json.parse(String.valueOf(watch.readLine()));
            assertThat(Tree.text(event, "type")).isEqualTo("ERROR");
            assertThat(Tree.number(event, 0, "object", "code")).isEqualTo(410);
            assertThat(Tree.text(event, "object", "reason")).isEqualTo("Expired");
            assertThat(watch.readLine()).isNull();
        }
    }

    @Test
    void aBookmarkComesBeforeTheTimeIsOver() throws Exception {
        String revision = Meta.resourceVersion(put("a", "red"));
        ObjectNode other = Json.parse("{\"metadata\": {\"name\": \"elsewhere\"}}");
        String newest = Meta.resourceVersion(cluster.client.create(Resource.NAMESPACES, other));
        String query = "?watch=true&allowWatchBookmarks=true&timeoutSeconds=3&resourceVersion=" + revision;
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
                BufferedReader watch = open(http, MAPS + query)) {
            ObjectNode mark = Json.parse(String.valueOf(watch.readLine()));
            assertThat(Tree.text(mark, "type")).isEqualTo("BOOKMARK");
            assertThat(Meta.resourceVersion(mark.get("object"))).isEqualTo(newest);
            assertThat(watch.readLine()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # form                                                                          | kind
            application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io                    | PartialObjectMetadata
            application/json;as=PartialObjectMetadata;v=v1beta1;g=meta.k8s.io               | PartialObjectMetadata
            application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io | PartialObjectMetadata
            application/vnd.kubernetes.protobuf                                             | ConfigMap
            """)
    void aMetadataClientWatches(String accept, String kind) throws Exception {
        put("a", "red");
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_2)) {
            String query = "?watch=true&allowWatchBookmarks=true&timeoutSeconds=1";
            byte[] events = http.bytes(MAPS + query, "Accept", accept);
            List<ObjectNode> objects = accept.contains("protobuf") ? frames(events) : lines(events);
            assertThat(objects)
                    .hasSize(2)
                    .allMatch(object -> Tree.text(object, "kind").equals(kind));
            assertThat(Meta.name(objects.getFirst())).isEqualTo("a");
            assertThat(Meta.annotation(objects.getLast(), "k8s.io/initial-events-end"))
                    .isEqualTo("true");
        }
    }

    private static List<ObjectNode> lines(byte[] events) {
        return new String(events, StandardCharsets.UTF_8)
                .lines()
                .map(line -> (ObjectNode) Json.parse(line).get("object"))
                .toList();
    }

    /// Frames of a length and a `WatchEvent`, whose second field holds the object.
    private static List<ObjectNode> frames(byte[] events) {
        List<ObjectNode> objects = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(events);
        while (in.hasRemaining()) {
            byte[] frame = new byte[in.getInt()];
            in.get(frame);
            String text = new String(frame, StandardCharsets.ISO_8859_1);
            byte[] object = text.substring(text.indexOf("k8s\0")).getBytes(StandardCharsets.ISO_8859_1);
            objects.add(Decoder.decode(object, Format.PROTOBUF, new Decoder.Expected("", ""), FieldValidation.STRICT)
                    .object());
        }
        return objects;
    }

    @Test
    void aTableWatchNamesItsColumnsOnce() throws Exception {
        put("a", "red");
        put("b", "red");
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
                BufferedReader watch =
                        open(http, MAPS + "?watch=true", "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")) {
            ObjectNode first = Json.parse(String.valueOf(watch.readLine()));
            ObjectNode second = Json.parse(String.valueOf(watch.readLine()));
            assertThat(Tree.text(first, "object", "kind")).isEqualTo("Table");
            assertThat(Tree.has(first, "object", "columnDefinitions")).isTrue();
            assertThat(Tree.has(second, "object", "columnDefinitions")).isFalse();
        }
    }

    @Test
    void aWatchEndsWhenItsTimeIsOver() throws Exception {
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
                BufferedReader watch = open(http, MAPS + "?watch=true&timeoutSeconds=1")) {
            assertThat(watch.readLine()).isNull();
        }
    }

    @Test
    void aWebSocketCarriesAWatchToo() throws Exception {
        put("a", "red");
        LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1)) {
            URI uri = URI.create(http.url().replace("https:", "wss:") + MAPS + "?watch=true");
            WebSocket socket = http.client()
                    .newWebSocketBuilder()
                    .buildAsync(uri, listener(messages))
                    .get(5, TimeUnit.SECONDS);
            put("b", "red");
            for (String name : List.of("a", "b")) {
                String message = String.valueOf(messages.poll(5, TimeUnit.SECONDS));
                assertThat(Meta.name(Json.parse(message).get("object"))).isEqualTo(name);
            }
            socket.abort();
        }
    }

    private static final class Ignoring implements ApiClient.WatchListener {
        @Override
        public void changed(ApiClient.ChangeKind kind, ObjectNode object) {}

        @Override
        public void closed(java.util.Optional<ApiException> reason) {}
    }

    private static WebSocket.Listener listener(LinkedBlockingQueue<String> messages) {
        return new WebSocket.Listener() {
            private final StringBuilder partial = new StringBuilder();

            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                partial.append(text);
                if (last) {
                    messages.add(partial.toString());
                    partial.setLength(0);
                }
                socket.request(1);
                return java.util.concurrent.CompletableFuture.completedFuture(null);
            }
        };
    }

    @Test
    void theFutureIsWaitedForAndThenRefused() {
        assertThatThrownBy(() -> cluster.client.watch(
                        Resource.CONFIG_MAPS, "default", ApiClient.Selection.ALL, "99999", new Ignoring()))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.code()).isEqualTo(504);
                    assertThat(e.details().retryAfterSeconds()).isEqualTo(1);
                    assertThat(e.details().causes().getFirst().reason()).isEqualTo("ResourceVersionTooLarge");
                });
    }

    @Test
    void closingTheServerEndsWatches() throws Exception {
        try (Http http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
                BufferedReader watch = open(http, MAPS + "?watch=true")) {
            long begin = System.nanoTime();
            cluster.server.close();
            assertThat(watch.readLine()).isNull();
            assertThat(System.nanoTime() - begin).isLessThan(4_000_000_000L);
        }
    }
}
