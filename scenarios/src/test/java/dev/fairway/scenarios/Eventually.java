package dev.fairway.scenarios;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/// Waits for the state that must come, and says what was missing when it does not.
final class Eventually {

    private Eventually() {}

    static void within(int seconds, ThrowingRunnable assertion) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(seconds))
                .untilAsserted(assertion);
    }
}
