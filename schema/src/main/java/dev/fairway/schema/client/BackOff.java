package dev.fairway.schema.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Delays that double from `first` to `last`, each shortened at random by up to a third so that many clients that lost
/// the same server do not come back at the same moment. Used by one thread.
final class BackOff {

    private final long firstMillis;
    private final long lastMillis;
    private long currentMillis;

    BackOff(Duration first, Duration last) {
        this.firstMillis = first.toMillis();
        this.lastMillis = last.toMillis();
        this.currentMillis = firstMillis;
    }

    void reset() {
        currentMillis = firstMillis;
    }

    long nextMillis() {
        long delay = currentMillis;
        currentMillis = Math.min(lastMillis, currentMillis * 2);
        return delay - ThreadLocalRandom.current().nextLong(delay / 3 + 1);
    }
}
