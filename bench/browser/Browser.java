package dev.fairway.bench;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.node.ObjectNode;

/// A tab of a headless Chromium, driven by the Chrome DevTools Protocol over its WebSocket.
final class Browser implements AutoCloseable, WebSocket.Listener {

    private static final String LISTENING = "DevTools listening on ws://";
    private static final int PATIENCE_SECONDS = 120;
    private static final int ESCAPE = 27;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<ObjectNode>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final StringBuilder text = new StringBuilder();
    /// On the wire, of requests that have ended: headers and compressed bodies.
    private final LongAdder files = new LongAdder();
    /// Of all bodies, as they come.
    private final LongAdder bodies = new LongAdder();

    private final WebSocket socket;

    private Browser(Process process, String address) throws IOException, InterruptedException {
        this.process = process;
        HttpRequest list =
                HttpRequest.newBuilder(URI.create("http://" + address + "/json/list")).build();
        String tabs = http.send(list, BodyHandlers.ofString()).body();
        String tab = Tree.objects(Json.parse("{\"tabs\": " + tabs + "}"), "tabs").stream()
                .filter(each -> Tree.text(each, "type").equals("page"))
                .map(each -> Tree.text(each, "webSocketDebuggerUrl"))
                .findFirst()
                .orElseThrow(() -> new IOException("no tab: " + tabs));
        this.socket = http.newWebSocketBuilder().buildAsync(URI.create(tab), this).join();
        call("Network.enable", Json.object());
        call("Page.enable", Json.object());
    }

    /// @param chromium the program
    /// @param profile a folder of its own
    static Browser start(Path chromium, Path profile) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--window-size=1400,1000",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
                String address = line.substring(LISTENING.length());
                return new Browser(process, address.substring(0, address.indexOf('/')));
            }
        }
        throw new IOException(chromium + " ended before it listened");
    }

    ObjectNode call(String method, ObjectNode parameters) {
        int id = calls.incrementAndGet();
        CompletableFuture<ObjectNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode message = Json.object().put("id", id).put("method", method);
        message.set("params", parameters);
        socket.sendText(Json.toText(message), true).join();
        ObjectNode told = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (Tree.has(told, "error")) {
            throw new IllegalStateException(method + ": " + told);
        }
        return told;
    }

    /// The value of an expression, as text; a promise is waited for.
    String evaluate(String expression) {
        ObjectNode told = call(
                "Runtime.evaluate",
                Json.object()
                        .put("expression", "Promise.resolve(" + expression + ").then(String)")
                        .put("awaitPromise", true));
        if (Tree.has(told, "result", "exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + told);
        }
        return Tree.text(told, "result", "result", "value");
    }

    /// Waits in the page until an expression is true, looked at in each of its frames.
    void await(String condition) {
        evaluate("new Promise(done => { const look = () => (" + condition
                + ") ? done() : setTimeout(look, 10); look(); })");
    }

    /// A key of its own name, or one that writes a character.
    void press(String key) {
        ObjectNode down = Json.object().put("type", "keyDown").put("key", key);
        if (key.equals("Escape")) {
            down.put("windowsVirtualKeyCode", ESCAPE); // by which the browser itself closes a dialog
        }
        if (key.length() == 1) {
            down.put("text", key);
        }
        call("Input.dispatchKeyEvent", down);
        call("Input.dispatchKeyEvent", Json.object().put("type", "keyUp").put("key", key));
    }

    /// What is seen now, as a PNG.
    void picture(Path file) throws IOException {
        ObjectNode told = call("Page.captureScreenshot", Json.object());
        Files.write(file, Base64.getDecoder().decode(Tree.text(told, "result", "data")));
    }

    void open(String url) {
        call("Page.navigate", Json.object().put("url", url));
    }

    /// Of the page's own objects, after a collection.
    long heapBytes() {
        call("HeapProfiler.collectGarbage", Json.object());
        return Tree.number(call("Runtime.getHeapUsage", Json.object()), 0, "result", "usedSize");
    }

    long fileBytes() {
        return files.sum();
    }

    long bodyBytes() {
        return bodies.sum();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            heard(Json.parse(text.toString()));
            text.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private void heard(ObjectNode message) {
        switch (Tree.text(message, "method")) {
            case "Network.loadingFinished" -> files.add(Tree.number(message, 0, "params", "encodedDataLength"));
            case "Network.dataReceived" -> bodies.add(Tree.number(message, 0, "params", "dataLength"));
            case "" -> {
                CompletableFuture<ObjectNode> answer = waiting.remove((int) Tree.number(message, 0, "id"));
                if (answer != null) {
                    answer.complete(message);
                }
            }
            default -> {}
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        http.shutdownNow();
    }
}
