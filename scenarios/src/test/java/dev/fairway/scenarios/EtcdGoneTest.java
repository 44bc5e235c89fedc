package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.store.EtcdServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.node.ObjectNode;

/// While etcd is away, or hangs, every request that needs it is refused soon, and says why; then all goes on.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("second lane")
class EtcdGoneTest {

    /// Promised are five; the rest is for a machine that does much else.
    private static final long SECONDS_MAX = 8;

    private static final String SERVICES = "/api/v1/namespaces/default/services";

    @TempDir
    Path folder;

    /// @param etcd as errors name it
    private record Door(HttpClient http, ServerProcess server, String etcd) {}

    private record Asked(String what, HttpRequest request) {}

    private record Answer(String what, int code, String body, long millis) {}

    @Test
    void everyRequestIsRefusedInTimeAndNamesEtcd() throws Exception {
        Path state = folder.resolve("state");
        HttpClient http = Admission.client(CertificateAuthority.open(state.resolve("pki"), InstantSource.system()));
        try (EtcdServer etcd = EtcdServer.start(folder);
                ServerProcess server = ServerProcess.start(state, etcd.location())) {
            server.awaitReady(http);
            Door door = new Door(http, server, etcd.endpoint());
            assertThat(create(door, "before").statusCode()).isEqualTo(201);

            etcd.kill();
            refused(door, "gone", 503);
            etcd.restart();
            assertThat(create(door, "between").statusCode()).isEqualTo(201);

            etcd.freeze(true);
            try {
                // whether a write that found no answer was done is not known
                refused(door, "frozen", 504);
            } finally {
                etcd.freeze(false);
            }
            assertThat(create(door, "after").statusCode()).isEqualTo(201);
        } finally {
            http.shutdownNow();
        }
    }

    private static HttpResponse<String> create(Door door, String name) throws Exception {
        return door.http.send(post(door, name), BodyHandlers.ofString());
    }

    private static HttpRequest post(Door door, String name) {
        String service = "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"ports\":[{\"port\":80}]}}";
        return request(door, SERVICES).POST(BodyPublishers.ofString(service)).build();
    }

    private static HttpRequest.Builder request(Door door, String path) {
        return HttpRequest.newBuilder(door.server.url().resolve(path)).header("Content-Type", "application/json");
    }

    private static void refused(Door door, String name, int writeCode) {
        String before = SERVICES + "/before";
        HttpRequest patch = request(door, before)
                .setHeader("Content-Type", "application/merge-patch+json")
                .method("PATCH", BodyPublishers.ofString("{\"metadata\":{\"labels\":{\"now\":\"" + name + "\"}}}"))
                .build();
        List<Asked> asked = List.of(
                new Asked("get", request(door, before).build()),
                new Asked("list", request(door, SERVICES).build()),
                new Asked("watch", request(door, SERVICES + "?watch=1").build()),
                new Asked("create", post(door, name)),
                new Asked("patch", patch),
                new Asked("delete", request(door, before).DELETE().build()));
        for (Answer answer : answers(door.http, asked)) {
            System.out.println("etcd " + name + ": " + answer);
            String body = answer.body;
            assertThat(answer.millis).as(answer.what).isLessThan(SECONDS_MAX * 1_000);
            assertThat(answer.code).as(body).isIn(503, writeCode);
            ObjectNode status = Json.parse(body);
            assertThat(Tree.text(status, "kind")).as(body).isEqualTo("Status");
            assertThat(Tree.text(status, "reason")).as(body).isIn("ServiceUnavailable", "Timeout");
            assertThat(Tree.text(status, "message")).as(body).contains("etcd at " + door.etcd);
        }
    }

    /// All at once: none waits for another.
    private static List<Answer> answers(HttpClient http, List<Asked> asked) {
        List<CompletableFuture<Answer>> running = new ArrayList<>();
        for (Asked each : asked) {
            long begin = System.nanoTime();
            running.add(http.sendAsync(each.request, BodyHandlers.ofString())
                    .thenApply(response -> new Answer(
                            each.what,
                            response.statusCode(),
                            response.body(),
                            (System.nanoTime() - begin) / 1_000_000)));
        }
        return running.stream().map(CompletableFuture::join).toList();
    }
}
