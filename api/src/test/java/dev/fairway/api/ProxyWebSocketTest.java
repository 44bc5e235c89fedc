package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// WebSockets through the API server to a server in a pod.
class ProxyWebSocketTest {

    private static final String PROXY = "/api/v1/namespaces/default/pods/web/proxy";

    private static Vertx vertx;
    private static HttpServer server;
    private static Cluster cluster;
    private static Http http;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .webSocketHandshakeHandler(asked -> {
                    if (asked.path().equals("/no")) {
                        asked.reject(418);
                    } else {
                        asked.accept();
                    }
                })
                .webSocketHandler(ProxyWebSocketTest::serve)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        FakeNode node = new FakeNode();
        cluster = Cluster.start(name -> Optional.of(node));
        http = Http.of(cluster, HttpClient.Version.HTTP_1_1);
        cluster.client.create(Resource.PODS, Json.parse("""
                {"metadata": {"name": "web", "namespace": "default"},
                 "spec": {"nodeName": "node-1", "containers": [{"name": "c", "image": "i", "ports": [
                   {"containerPort": %d}]}]}}
                """.formatted(server.actualPort())));
        cluster.client.patch(Resource.PODS, "default", "web", "status", Json.parse("""
                {"status": {"phase": "Running", "podIP": "10.244.1.5"}}"""));
    }

    /// Says first what it was asked, then all that it hears, and leaves at "bye".
    private static void serve(ServerWebSocket socket) {
        socket.writeTextMessage(
                socket.path() + " " + Optional.ofNullable(socket.headers().get("Sec-WebSocket-Protocol")));
        socket.textMessageHandler(text -> {
            socket.writeTextMessage(text);
            if (text.equals("bye")) {
                socket.close();
            }
        });
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        cluster.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /// What comes in, with "closed" at the end.
    private static final class Heard implements WebSocket.Listener {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final StringBuilder begun = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            begun.append(part);
            if (last) {
                texts.add(begun.toString());
                begun.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            texts.add("closed");
            return null;
        }

        String next() throws InterruptedException {
            return Optional.ofNullable(texts.poll(60, TimeUnit.SECONDS)).orElse("nothing");
        }
    }

    private static WebSocket open(String path, Heard heard, List<String> protocols) {
        WebSocket.Builder builder = http.client().newWebSocketBuilder();
        if (!protocols.isEmpty()) {
            builder.subprotocols(
                    protocols.getFirst(), protocols.subList(1, protocols.size()).toArray(String[]::new));
        }
        return builder.buildAsync(URI.create(http.url().replace("https:", "wss:") + PROXY + path), heard)
                .join();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 70_000, 200_000})
    void whatIsSaidComesBack(int length) throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open("/echo", heard, List.of());
        assertThat(heard.next()).isEqualTo("/echo Optional.empty");
        socket.sendText("x".repeat(length), true).join();
        assertThat(heard.next()).hasSize(length);
        socket.sendText("bye", true).join();
        assertThat(heard.next()).isEqualTo("bye");
        assertThat(heard.next()).isEqualTo("closed");
    }

    @Test
    void subprotocolsComeThroughExceptATokenInOne() throws Exception {
        Heard heard = new Heard();
        open("/", heard, List.of("base64url.bearer.authorization.k8s.io.c2VjcmV0", "chat", "superchat"));
        assertThat(heard.next()).isEqualTo("/ Optional[chat, superchat]");
    }

    @Test
    void aRefusalComesThrough() {
        Throwable thrown = Assertions.catchThrowable(() -> open("/no", new Heard(), List.of()));
        assertThat(thrown)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(WebSocketHandshakeException.class))
                .returns(418, refused -> refused.getResponse().statusCode());
    }
}
