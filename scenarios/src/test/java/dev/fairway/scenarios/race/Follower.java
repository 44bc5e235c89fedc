package dev.fairway.scenarios.race;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// Watches one collection over HTTP from a revision on. A watch that ends is opened again where it ended, at the next
/// server.
final class Follower implements AutoCloseable {

    private static final long PAUSE_MILLIS = 50;

    private final String name;
    private final String collection;
    private final String path;
    private final long after;
    private final List<URI> servers;
    private final HttpClient http;
    private final Map<Seen, Seen> known;
    private final Queue<Seen> events = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile long newest;
    private volatile long last = Long.MAX_VALUE;
    private volatile boolean open = true;
    private volatile String problem = "none";

    private Follower(String name, String path, long after, List<URI> servers, HttpClient http, Map<Seen, Seen> known) {
        this.name = name;
        this.collection = path.substring(path.lastIndexOf('/') + 1);
        this.path = path;
        this.after = after;
        this.servers = servers;
        this.http = http;
        this.known = known;
        this.newest = after;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::follow);
    }

    /// @param path of the collection: `/api/v1/services`
    /// @param known what any of them saw: most see the same, which need be in memory only once
    static Follower start(
            String name, String path, long after, List<URI> servers, HttpClient http, Map<Seen, Seen> known) {
        Follower out = new Follower(name, path, after, servers, http, known);
        out.thread.start();
        return out;
    }

    /// The newest revision it saw.
    long newest() {
        return newest;
    }

    /// Waits until it has seen the revision; what comes later does not count.
    WatchStream upTo(long revision, long limitSeconds) throws InterruptedException {
        last = revision;
        if (newest < revision && !ended.await(limitSeconds, TimeUnit.SECONDS) && newest < revision) {
            throw new IllegalStateException(
                    name + " saw revision " + newest + ", and not " + revision + " in time; last problem: " + problem);
        }
        List<Seen> seen =
                events.stream().filter(event -> event.revision() <= revision).toList();
        return new WatchStream(name, collection, after, revision, seen);
    }

    private void follow() {
        int turn = name.hashCode();
        while (open && newest < last) {
            try {
                session(servers.get(Math.floorMod(turn++, servers.size())));
            } catch (IOException e) {
                problem = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                break;
            }
            pause();
        }
        ended.countDown();
    }

    /// The server is gone or is ending: the next session goes on behind what was seen.
    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void session(URI server) throws IOException, InterruptedException {
        String query = "?watch=1&allowWatchBookmarks=true&resourceVersion=" + newest;
        HttpRequest request =
                HttpRequest.newBuilder(server.resolve(path + query)).build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && open; line = lines.readLine()) {
                event(Json.parse(line));
                if (newest >= last) {
                    return;
                }
            }
        }
    }

    private void event(ObjectNode event) throws IOException {
        String type = Tree.text(event, "type");
        if (type.equals("ERROR") || !event.has("type")) {
            throw new IOException(name + ": " + Json.toText(event));
        }
        ObjectNode object = Tree.makeObject(event, "object");
        long revision = Long.parseLong(Meta.resourceVersion(object));
        if (!type.equals("BOOKMARK")) {
            Seen seen = Observed.event(collection, Seen.Type.valueOf(type), object);
            Seen before = known.putIfAbsent(seen, seen);
            events.add(before == null ? seen : before);
        }
        newest = revision;
    }

    @Override
    public void close() {
        open = false;
        thread.interrupt();
    }
}
