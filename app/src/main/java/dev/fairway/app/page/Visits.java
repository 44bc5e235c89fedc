package dev.fairway.app.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.page.LiveObjects.Watch;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.page.Drop;
import dev.fairway.picture.page.Panel;
import dev.fairway.picture.page.Screen;
import dev.fairway.picture.page.View;
import dev.fairway.picture.svg.SvgPicture;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.table.ServiceName;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.node.ObjectNode;

/// Answers a browser: the page's files, its stream, one Service, the picture as a file.
final class Visits implements AutoCloseable {

    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// A picture on its own brings its colours along.
    private static final String PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    private static final int STREAMS_MAX = 32;

    /// From so many on it is looked for browsers that have left.
    private static final int CROWD = STREAMS_MAX / 4;

    /// By then those are found.
    private static final Duration PLACE_PATIENCE = Duration.ofSeconds(5);

    private static final int ZIP_BUFFER_BYTES = 8192;

    /// A page without its picture would be there sooner from here on.
    private static final Duration FIRST_PICTURE = Duration.ofMillis(400);

    private final Gate gate;
    private final ApiClient client;
    private final LiveObjects objects;
    private final Screens screens;
    private final Map<String, Asset> assets = new ConcurrentHashMap<>();
    private final Observed observed;
    private final Traffic traffic;
    private final Tracing tracing;
    private final OpenConnections connections;
    private final Names names;
    private final Semaphore streams = new Semaphore(STREAMS_MAX, true);

    Visits(Gate gate, ApiClient client, ClusterConfig cluster, Observed observed) {
        this.gate = gate;
        this.client = client;
        this.observed = observed;
        this.traffic = new Traffic(observed::connections, System::nanoTime);
        this.tracing = new Tracing(client, cluster);
        this.connections = new OpenConnections(cluster);
        this.names = new Names(cluster);
        this.objects = new LiveObjects(client);
        this.screens = new Screens(objects);
    }

    void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                judge(exchange);
            } catch (ApiException refused) {
                plain(exchange, refused.code(), refused.text());
            }
        }
    }

    private void judge(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        if (!exchange.getRequestMethod().equals("GET")) {
            headers.set("Allow", "GET");
            plain(exchange, 405, "the page is for reading: only GET is answered");
            return;
        }
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        switch (gate.judge(header(exchange, "Host"), header(exchange, "Cookie"), query.getOrDefault("token", ""))) {
            case WELCOME -> route(exchange, query);
            case LOGGED_IN -> {
                headers.set("Set-Cookie", gate.cookie());
                headers.set("Location", "/");
                plain(exchange, 303, "welcome");
            }
            case WRONG_TOKEN -> plain(exchange, 403, "this token is not the cluster's; see: fairway status");
            case NO_LOGIN -> plain(exchange, 401, "open the address that this prints: fairway status");
            case WRONG_HOST -> plain(exchange, 421, "the page answers to 127.0.0.1 and localhost only");
        }
    }

    private void route(HttpExchange exchange, Map<String, String> query) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/" -> start(exchange, query);
            case "/events" -> stream(exchange, view(query));
            case "/service" -> service(exchange, query);
            case "/trace" ->
                json(exchange, tracing.trace(query.getOrDefault("from", ""), query.getOrDefault("to", "")));
            case "/names" -> json(exchange, names.of(service(query)));
            case "/favicon.ico" -> exchange.sendResponseHeaders(204, -1);
            case "/picture.svg" -> picture(exchange, view(query));
            default -> file(exchange, path);
        }
    }

    /// Files are compressed once.
    private void file(HttpExchange exchange, String path) throws IOException {
        Optional<Asset> asset = Optional.ofNullable(assets.get(path)).or(() -> Asset.of(path));
        if (asset.isEmpty()) {
            plain(exchange, 404, "nothing is at " + path);
            return;
        }
        assets.put(path, asset.get());
        zipped(exchange, asset.get());
    }

    /// The page comes with its picture: the browser shows it before it has read a script.
    private void start(HttpExchange exchange, Map<String, String> query) throws IOException {
        Optional<View> view = expected(query);
        Optional<Screen> screen = Optional.empty();
        try {
            screen = view.isEmpty() ? Optional.empty() : screens.soon(view.get(), FIRST_PICTURE);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        zipped(exchange, Asset.start(screen.map(it -> it.frame().toSvg()).orElse("")));
    }

    /// What the page will ask for: it shows `default` unless its URL names another namespace.
    private static Optional<View> expected(Map<String, String> query) {
        Map<String, String> asked = new HashMap<>(query);
        asked.putIfAbsent("ns", "default");
        try {
            return Optional.of(View.of(asked));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static View view(Map<String, String> query) {
        try {
            return View.of(query);
        } catch (IllegalArgumentException malformed) {
            throw new ApiException(400, "BadRequest", "labels: " + malformed.getMessage());
        }
    }

    private void stream(HttpExchange exchange, View view) throws IOException {
        if (!hasPlace()) {
            plain(exchange, 503, STREAMS_MAX + " pages are open already; close one");
            return;
        }
        try (Watch watch = objects.watch()) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            try (OutputStream out = streamed(exchange)) {
                new EventStream(out, view, screens, traffic, this::isCrowded)
                        .run(watch, header(exchange, "Last-Event-ID"));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            streams.release();
        }
    }

    private boolean hasPlace() {
        try {
            return streams.tryAcquire(PLACE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isCrowded() {
        return STREAMS_MAX - streams.availablePermits() >= CROWD;
    }

    /// Compressed for who can read it; each event goes out when it is flushed.
    private static OutputStream streamed(HttpExchange exchange) throws IOException {
        boolean isZipped = header(exchange, "Accept-Encoding").contains("gzip");
        if (isZipped) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        exchange.sendResponseHeaders(200, 0);
        OutputStream plain = exchange.getResponseBody();
        return isZipped ? new GZIPOutputStream(plain, ZIP_BUFFER_BYTES, true) : plain;
    }

    private static ObjectKey service(Map<String, String> query) {
        return new ObjectKey(query.getOrDefault("ns", ""), query.getOrDefault("name", ""));
    }

    private void service(HttpExchange exchange, Map<String, String> query) throws IOException {
        ObjectKey key = service(query);
        List<ObjectNode> events = client
                .list(Resource.EVENTS, key.namespace(), new Selection("", "involvedObject.kind=Service"))
                .items()
                .stream()
                .filter(event ->
                        event.path("involvedObject").path("name").asString("").equals(key.name()))
                .toList();
        List<Drop> drops = observed.drops(new ServiceName(key.namespace(), key.name()));
        Optional<ObjectNode> panel = now(all -> Panel.of(all, key, events, connections::of, drops));
        if (panel.isEmpty()) {
            plain(exchange, 404, "there is no service " + key);
        } else {
            json(exchange, panel.get());
        }
    }

    private static void json(HttpExchange exchange, ObjectNode object) throws IOException {
        zipped(exchange, new Asset("application/json", Asset.compressed(Json.toBytes(object))));
    }

    private void picture(HttpExchange exchange, View view) throws IOException {
        String svg = now(all -> SvgPicture.draw(view.scene(all)));
        exchange.getResponseHeaders().set("Content-Security-Policy", PICTURE_POLICY);
        zipped(exchange, new Asset("image/svg+xml", Asset.compressed(svg.getBytes(StandardCharsets.UTF_8))));
    }

    private <T> T now(Function<ClusterObjects, T> question) {
        try (Watch watch = objects.watch()) {
            return question.apply(watch.objects());
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> out = new HashMap<>();
        for (String field : Optional.ofNullable(raw).orElse("").split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                out.put(field.substring(0, equals), decoded(field.substring(equals + 1)));
            }
        }
        return out;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    private static void zipped(HttpExchange exchange, Asset asset) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", asset.type());
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, asset.gzip().length);
        exchange.getResponseBody().write(asset.gzip());
    }

    private static void plain(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        objects.close();
    }
}
