package dev.fairway.app.page;

import dev.fairway.app.page.LiveObjects.Watch;
import dev.fairway.picture.page.Screen;
import dev.fairway.picture.page.View;
import dev.fairway.schema.Json;
import dev.fairway.table.ServiceName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ObjectNode;

/// One browser's stream of server-sent events (WHATWG HTML, section 9.2): what changed on its screen. However much
/// happens, it gets the newest screen a few times a second; nothing is queued for it.
final class EventStream {

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    /// The same while places are scarce: a browser that has left is noticed by the second sign that it does not take.
    private static final Duration SIGN_OF_LIFE_IN_A_CROWD = Duration.ofMillis(500);

    /// A browser that takes nothing for so long is given up.
    private static final Duration SLOW = Duration.ofSeconds(10);

    private final OutputStream out;
    private final View view;
    private final Screens screens;
    private final Traffic traffic;
    private final BooleanSupplier crowded;
    private SortedMap<ServiceName, Long> told = Collections.emptySortedMap();
    private volatile long writingSinceNanos;
    private volatile boolean isWriting;

    /// @param crowded whether many look at once
    EventStream(OutputStream out, View view, Screens screens, Traffic traffic, BooleanSupplier crowded) {
        this.out = out;
        this.view = view;
        this.screens = screens;
        this.traffic = traffic;
        this.crowded = crowded;
    }

    /// Returns when the browser is gone, by an exception.
    ///
    /// @param shown the version that the browser still shows, empty for none
    void run(Watch watch, String shown) throws IOException, InterruptedException {
        Thread self = Thread.currentThread();
        Thread guard = Thread.ofVirtual().name("page guard").start(() -> guard(self));
        try {
            follow(watch, shown);
        } finally {
            guard.interrupt();
        }
    }

    private void follow(Watch watch, String shown) throws IOException, InterruptedException {
        write("retry: 1000\n\n");
        Optional<Screen> before = Optional.empty();
        long seen = -1;
        Pace pace = new Pace();
        long waiting = System.nanoTime();
        while (true) {
            boolean crowd = crowded.getAsBoolean();
            long now = watch.awaitBeyond(seen, crowd ? SIGN_OF_LIFE_IN_A_CROWD : Traffic.INTERVAL);
            tellTraffic();
            if (now == seen) {
                if (crowd || System.nanoTime() - writingSinceNanos > SIGN_OF_LIFE.toNanos()) {
                    write("event: alive\ndata:\n\n");
                }
                continue;
            }
            seen = now;
            long begin = System.nanoTime();
            Screen screen = screens.of(watch, view);
            if (before.isPresent() || !screen.version().equals(shown)) {
                Optional<ObjectNode> changes = screen.changesSince(before);
                if (changes.isPresent()) {
                    write("id: " + screen.version() + "\ndata: " + Json.toText(changes.get()) + "\n\n");
                }
            }
            before = Optional.of(screen);
            Duration waited = Duration.ofNanos(begin - waiting);
            Thread.sleep(pace.after(waited, Duration.ofNanos(System.nanoTime() - begin)));
            waiting = System.nanoTime();
        }
    }

    /// An event of its own kind, without an id: a browser that comes back misses nothing by it.
    private void tellTraffic() throws IOException {
        SortedMap<ServiceName, Long> rates = traffic.perSecond();
        if (!rates.equals(told)) {
            ObjectNode out = Json.object();
            rates.forEach((service, rate) -> out.put(service.toString(), rate));
            write("event: traffic\ndata: " + Json.toText(out) + "\n\n");
            told = rates;
        }
    }

    private void write(String text) throws IOException {
        writingSinceNanos = System.nanoTime();
        isWriting = true;
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        isWriting = false;
    }

    /// An interrupt closes the channel that a thread is stuck in.
    private void guard(Thread writer) {
        try {
            while (true) {
                Thread.sleep(SLOW);
                if (isWriting && System.nanoTime() - writingSinceNanos > SLOW.toNanos()) {
                    writer.interrupt();
                    return;
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
