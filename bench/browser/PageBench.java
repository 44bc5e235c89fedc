package dev.fairway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The page in a real Chromium, before 5,000 pods on 100 nodes behind 500 Services: how soon it shows them, what it
/// costs, and whether it recovers.
public final class PageBench implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final String DRAWN = "document.querySelectorAll('#picture svg g').length > 0";
    private static final int EVENTS = 10_000;
    private static final int ROUNDS = 4;
    private static final int CREATIONS = 10;

    private final Report report = new Report(System.out);
    private final Path folder;
    private final int port;
    private Process server;
    private BufferedReader answers;
    private Writer commands;

    private PageBench(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        startServer();
    }

    /// @param args a folder for everything, for how many seconds events come and the page rests (60), and the file of
    ///     axe-core, without which its rules are left out. The variable PICTURES names a folder for what was seen
    public static void main(String[] args) throws Exception {
        if (!Files.isExecutable(CHROMIUM)) {
            System.err.println("this needs " + CHROMIUM + ": apt-get install chromium");
            System.exit(1);
        }
        Path folder = Path.of(args[0]);
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
        try (PageBench bench = new PageBench(folder);
                Browser browser = Browser.start(CHROMIUM, folder.resolve("profile"))) {
            bench.firstFrames(browser);
            bench.access(browser, args.length > 2 ? Files.readString(Path.of(args[2])) : "");
            bench.changes(browser, "cold");
            bench.rest(seconds);
            bench.events(browser, seconds);
            bench.changes(browser, "warm");
            bench.restart(browser);
        }
    }

    private void startServer() throws IOException, InterruptedException {
        Path url = folder.resolve("url");
        Files.deleteIfExists(url);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ServerProcess.OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PageBenchServer.class.getName()));
        command.addAll(List.of(folder.toString(), Integer.toString(port)));
        server = new ProcessBuilder(command)
                .redirectError(folder.resolve("log").toFile())
                .start();
        answers = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        commands = server.outputWriter(StandardCharsets.UTF_8);
        while (!Files.exists(url)) {
            if (!server.isAlive()) {
                throw new IOException("the server did not start: " + Files.readString(folder.resolve("log")));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private long command(String line) throws IOException {
        commands.write(line + "\n");
        commands.flush();
        return Long.parseLong(answers.readLine());
    }

    private void firstFrames(Browser browser) throws IOException {
        String url = Files.readString(folder.resolve("url"));
        browser.open(url + "&ns=");
        browser.await("location.search === '' && " + DRAWN);
        for (String visit : List.of("first visit", "again", "once more")) {
            long before = browser.fileBytes();
            browser.open(url.substring(0, url.indexOf('?')) + "?ns=&visit=" + visit.replace(' ', '-'));
            browser.await("location.search !== '' && " + DRAWN);
            report.say(
                    "%s: first paint %s ms after the request, the picture seen from here after %s ms; files %.1f kB",
                    visit,
                    browser.evaluate("new Promise(done => new PerformanceObserver(list => done(Math.round(list"
                            + ".getEntriesByName('first-contentful-paint')[0].startTime)))"
                            + ".observe({type: 'paint', buffered: true}))"),
                    browser.evaluate("new Promise(done => requestAnimationFrame(() => done("
                            + "Math.round(performance.now()))))"),
                    (browser.fileBytes() - before) / 1000.0);
        }
        report.say("SVG elements: %s", browser.evaluate("document.querySelectorAll('#picture svg *').length"));
        report.say("of the bodies so far, mostly streams: %.0f kB", browser.bodyBytes() / 1000.0);
    }

    private void changes(Browser browser, String state) throws IOException {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < CREATIONS; i++) {
            String name = state + "-" + i;
            long told = command("create " + name);
            browser.await("document.querySelector('[data-key=\"team/" + name + "\"]')");
            millis.add(Long.parseLong(browser.evaluate("Date.now()")) - told);
        }
        millis.sort(null);
        report.say(
                "from the API's answer to the browser, server %s: median %d ms, at most %d ms",
                state, millis.get(CREATIONS / 2), millis.getLast());
    }

    /// By keys alone, from one state of the page to the next.
    private void access(Browser browser, String axe) throws IOException {
        AccessWalk walk = new AccessWalk(browser, axe, Optional.ofNullable(System.getenv("PICTURES")).map(Path::of));
        for (String scheme : List.of("light", "dark")) {
            report.say("keys and accessibility, %s: %s", scheme, walk.walk(scheme));
        }
    }

    private void rest(int seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(5);
        Duration before = processor();
        TimeUnit.SECONDS.sleep(seconds);
        report.say(
                "server with an open page at rest: %.2f %% of a processor",
                100.0 * processor().minus(before).toMillis() / (1000.0 * seconds));
    }

    private Duration processor() {
        return server.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private void events(Browser browser, int seconds) throws IOException {
        report.say("heap of the page before: %.1f MB", browser.heapBytes() / 1e6);
        for (int round = 1; round <= ROUNDS; round++) {
            long streamed = browser.bodyBytes();
            Duration before = processor();
            command("events " + EVENTS / ROUNDS + " " + seconds / ROUNDS);
            report.say(
                    "%d events in %d s: heap of the page %.1f MB, %.0f kB streamed, server %.0f %% of a processor",
                    EVENTS / ROUNDS,
                    seconds / ROUNDS,
                    browser.heapBytes() / 1e6,
                    (browser.bodyBytes() - streamed) / 1000.0,
                    100.0 * processor().minus(before).toMillis() / (1000.0 * seconds / ROUNDS));
        }
        String banner = browser.evaluate("document.getElementById('banner').textContent");
        report.say("banner after the events: \"%s\"", banner);
    }

    private void restart(Browser browser) throws IOException, InterruptedException {
        server.destroyForcibly().waitFor();
        long gone = System.nanoTime();
        browser.await("!document.getElementById('banner').hidden");
        report.say("banner %d ms after the server's death", since(gone));
        startServer();
        long back = System.nanoTime();
        browser.await("document.getElementById('banner').hidden"
                + " && !document.querySelector('[data-key=\"team/warm-0\"]')");
        report.say("in step again %d ms after the server is back", since(back));
    }

    private static long since(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    @Override
    public void close() {
        server.destroyForcibly();
        server.onExit().join();
    }
}
