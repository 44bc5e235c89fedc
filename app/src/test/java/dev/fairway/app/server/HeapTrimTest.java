package dev.fairway.app.server;

import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeapTrimTest {

    @Test
    @Timeout(30)
    void whatNobodyNeedsGoesByItself() throws Exception {
        WeakReference<byte[]> garbage = new WeakReference<>(new byte[10_000_000]);
        try (HeapTrim _ = HeapTrim.every(Duration.ofMillis(10))) {
            while (garbage.get() != null) {
                Thread.sleep(5);
            }
        }
    }

    @Test
    @Timeout(30)
    void itEndsWhenClosed() throws Exception {
        HeapTrim.every(Duration.ofMillis(1)).close();
        while (isRunning()) {
            Thread.sleep(5);
        }
    }

    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("heap trim"));
    }
}
