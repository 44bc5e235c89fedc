package dev.fairway.dns;

import java.util.concurrent.TimeUnit;

/// Keeps a listener whose socket fails again and again (no descriptors left, say) from spinning.
final class Pause {

    private static final int MILLIS = 100;

    private Pause() {}

    /// @return false when the listener was stopped meanwhile
    static boolean afterFailure() {
        try {
            TimeUnit.MILLISECONDS.sleep(MILLIS);
            return true;
        } catch (InterruptedException stopped) {
            return false;
        }
    }
}
