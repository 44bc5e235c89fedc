package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What a client has been told, in order.
final class Heard {

    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

    void add(String text) {
        queue.add(text);
    }

    /// Waits for the text; what comes before it is passed over.
    void expect(String text) throws InterruptedException {
        String next = "";
        while (!text.equals(next)) {
            next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("waiting for " + text).isNotNull();
        }
    }
}
