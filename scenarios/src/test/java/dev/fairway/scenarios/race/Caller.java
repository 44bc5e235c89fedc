package dev.fairway.scenarios.race;

import dev.fairway.scenarios.race.Operation.Outcome;
import dev.fairway.scenarios.race.Operation.Verb;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ObjectNode;

/// One client: sends requests about Services over HTTP, to the servers in turn, and writes down what it saw.
final class Caller {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 20;
    private static final long PAUSE_MILLIS_MAX = 500;

    private final int number;
    private final List<URI> servers;
    private final HttpClient http;
    private final Queue<Operation> log;
    private final AtomicInteger turns;

    /// @param log where the operations go; shared by all clients
    Caller(int number, List<URI> servers, HttpClient http, Queue<Operation> log) {
        this.number = number;
        this.servers = List.copyOf(servers);
        this.http = http;
        this.log = log;
        this.turns = new AtomicInteger(number);
    }

    /// Without a condition that says what is wrong with it: a watch shows only what callers ask for.
    Outcome create(String name, ObjectNode spec) throws InterruptedException {
        ObjectNode service = Json.object();
        Tree.makeObject(service, "metadata").put("name", name);
        Tree.makeObject(service, "metadata", "annotations").put("fairway.dev/healthy", "hidden");
        service.set("spec", spec);
        return call(Verb.CREATE, name, "POST", "", Json.toText(service));
    }

    /// @param change a JSON merge patch
    Outcome update(String name, ObjectNode change) throws InterruptedException {
        return call(Verb.UPDATE, name, "PATCH", "/" + name, Json.toText(change));
    }

    Outcome delete(String name) throws InterruptedException {
        return call(Verb.DELETE, name, "DELETE", "/" + name, "");
    }

    Outcome read(String name) throws InterruptedException {
        return call(Verb.READ, name, "GET", "/" + name, "");
    }

    /// The status code with which a creation would be answered now.
    int dryCreate(ObjectNode service) throws IOException, InterruptedException {
        return send("POST", "?dryRun=All", Json.toText(service)).statusCode();
    }

    private Outcome call(Verb verb, String name, String method, String path, String body) throws InterruptedException {
        long invoked = System.nanoTime();
        Outcome outcome = Outcome.UNKNOWN;
        long revision = 0;
        try {
            HttpResponse<String> response = send(method, path, body);
            outcome = outcome(response);
            if (outcome == Outcome.DONE) {
                revision = Long.parseLong(Meta.resourceVersion(Json.parse(response.body())));
            }
        } catch (ConnectException e) {
            outcome = Outcome.REFUSED;
        } catch (IOException e) {
            // No answer: the write may have happened.
            outcome = Outcome.UNKNOWN;
        }
        String key = Seen.SERVICES + "/default/" + name;
        log.add(new Operation(number, verb, key, invoked, System.nanoTime(), outcome, revision));
        return outcome;
    }

    private static Outcome outcome(HttpResponse<String> response) {
        String body = response.body();
        return switch (response.statusCode()) {
            case 200, 201, 202 -> Outcome.DONE;
            case 404 -> Outcome.ABSENT;
            case 409 -> body.contains("\"AlreadyExists\"") ? Outcome.PRESENT : Outcome.REFUSED;
            // 503 says that nothing was done, 504 that it is not known
            case 422, 429, 503 -> Outcome.REFUSED;
            case 504 -> Outcome.UNKNOWN;
            default -> {
                if (response.statusCode() == 500 && body.contains("range is full")) {
                    yield Outcome.REFUSED;
                }
                throw new IllegalStateException(response.statusCode() + " " + body);
            }
        };
    }

    /// A server that nobody reaches did nothing: then the next one is asked, until one is there.
    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        long pauseMillis = PAUSE_MILLIS;
        while (true) {
            try {
                return sendOnce(method, path, body);
            } catch (ConnectException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                // As real clients do: a server that comes back is not to starve of those who wait for it.
                Thread.sleep(pauseMillis);
                pauseMillis = Math.min(pauseMillis * 2, PAUSE_MILLIS_MAX);
            }
        }
    }

    private HttpResponse<String> sendOnce(String method, String path, String body)
            throws IOException, InterruptedException {
        URI server = servers.get(Math.floorMod(turns.getAndIncrement(), servers.size()));
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/api/v1/namespaces/default/services" + path))
                .timeout(LIMIT)
                .header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
