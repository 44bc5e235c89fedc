package dev.fairway.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.ProbeCheck.Answer;
import dev.fairway.node.pod.ProbeSpec.Check;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.IntNode;

/// Probes against servers that are slow to end their answer.
class ProbeCheckTest {

    private static final int PAUSE_MILLIS = 20;

    /// What a server does with one connection after the request.
    private interface Conversation {
        void hold(Socket client) throws Exception;
    }

    @Test
    void theServerMayEndItsAnswer() throws Exception {
        CompletableFuture<String> served = new CompletableFuture<>();
        Answer answer = probe(served, client -> {
            send(client, "HTTP/1.0 200 OK\r\n");
            for (String part : new String[] {"Content-Type: text/plain\r\n\r\n", "well", "\n"}) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                send(client, part);
            }
        });
        assertThat(answer).isEqualTo(Answer.WELL);
        assertThat(served.get(5, TimeUnit.SECONDS)).isEqualTo("whole");
    }

    @Test
    void aServerThatNeverEndsItsAnswerIsWell() throws Exception {
        CompletableFuture<String> served = new CompletableFuture<>();
        Answer answer = probe(served, client -> {
            send(client, "HTTP/1.1 204 No Content\r\n\r\n");
            client.getInputStream().readAllBytes();
        });
        assertThat(answer).isEqualTo(Answer.WELL);
    }

    @Test
    void theStatusDecides() throws Exception {
        Answer answer =
                probe(new CompletableFuture<>(), client -> send(client, "HTTP/1.0 503 Service Unavailable\r\n\r\n"));
        assertThat(answer).isEqualTo(Answer.bad("HTTP probe failed with statuscode: 503"));
    }

    private static Answer probe(CompletableFuture<String> served, Conversation conversation) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server, served, conversation));
            InetSocketAddress target = (InetSocketAddress) server.getLocalSocketAddress();
            return new ProbeCheck(NetworkNamespace.host())
                    .http(target, new Check.Http("", IntNode.valueOf(target.getPort()), "/", false, Map.of()), 5);
        }
    }

    private static void serve(ServerSocket server, CompletableFuture<String> served, Conversation conversation) {
        try (Socket client = server.accept()) {
            var in = client.getInputStream();
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("\r\n\r\n")) {
                request.append((char) in.read());
            }
            conversation.hold(client);
            served.complete("whole");
        } catch (Exception e) {
            served.complete(e.toString());
        }
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
