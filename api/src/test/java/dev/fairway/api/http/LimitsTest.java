package dev.fairway.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairway.api.security.User;
import dev.fairway.schema.ApiException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How much at once, how much in all, and how slowly.
class LimitsTest {

    private static Call call(String method) {
        Call.Origin origin = new Call.Origin("/x", "", Optional.empty(), "", Instant.EPOCH, List.of());
        Target target = new Target.Collection("", "v1", "", "services");
        return new Call(method, "/x", target, Query.parse(""), name -> "", new byte[0], User.ANONYMOUS, origin);
    }

    @ParameterizedTest
    @CsvSource({"GET, GET, 429", "POST, PUT, 429", "GET, POST, 200", "POST, GET, 200"})
    void readsAndWritesHaveTheirOwnNumberOfTurns(String running, String next, int code) throws Exception {
        InFlight inFlight = new InFlight(1, 1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread first = Thread.ofVirtual().start(() -> answer(inFlight, running, begun, end));
        begun.await();
        try {
            if (code == 200) {
                assertThat(inFlight.answer(call(next), () -> Reply.text(200, "ok")))
                        .isInstanceOf(Reply.Whole.class);
                return;
            }
            ApiException refusal = catchThrowableOfType(
                    ApiException.class, () -> inFlight.answer(call(next), () -> Reply.text(200, "ok")));
            assertThat(refusal.code()).isEqualTo(429);
            assertThat(refusal.details().retryAfterSeconds()).isEqualTo(1);
        } finally {
            end.countDown();
            first.join();
        }
        assertThat(inFlight.answer(call(next), () -> Reply.text(200, "ok"))).isInstanceOf(Reply.Whole.class);
    }

    private static void answer(InFlight inFlight, String method, CountDownLatch begun, CountDownLatch end) {
        try {
            inFlight.answer(call(method), () -> {
                begun.countDown();
                awaitEnd(end);
                return Reply.text(200, "ok");
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What becomes of a request whose body is sent as `sent`.
    private static String outcome(String sent) throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        BodyReader bodies = new BodyReader(vertx, 300);
        BlockingQueue<String> outcomes = new ArrayBlockingQueue<>(4);
        try {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(request -> bodies.read(
                            request,
                            10,
                            body -> outcomes.add("whole " + new String(body, StandardCharsets.UTF_8)),
                            refusal -> outcomes.add("refused " + refusal.code()),
                            gone -> outcomes.add("gone")));
            server.listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
                socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
                String outcome = outcomes.poll(30, TimeUnit.SECONDS);
                return outcome + (outcomes.poll(50, TimeUnit.MILLISECONDS) == null ? "" : " twice");
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void aBodyThatComesInTimeIsRead() throws Exception {
        assertThat(outcome("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"))
                .isEqualTo("whole hello");
        assertThat(outcome("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo("whole ");
    }

    @Test
    void aBodyThatComesTooSlowlyIsGivenUp() throws Exception {
        assertThat(outcome("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel"))
                .isEqualTo("refused 408");
    }

    @Test
    void aBodyThatIsTooLongIsNotReadToItsEnd() throws Exception {
        assertThat(outcome("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(20)))
                .isEqualTo("refused 413");
    }
}
