package dev.fairway.node.pod;

import java.time.Duration;

/// How long a failing container or step waits before the next try: at once after the first failure, then 10 s, doubled
/// each time up to five minutes, as the kubelet does it.
public final class Backoff {

    public static final Duration FIRST = Duration.ofSeconds(10);
    public static final Duration LONGEST = Duration.ofMinutes(5);

    /// A container that ran this long starts again with a clean slate.
    public static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

    private Backoff() {}

    /// How long to wait before the next try to make a pod's volumes and network: half a second, doubled up to a
    /// quarter of a minute.
    ///
    /// @param failures failures in a row, at least 1
    static Duration ofSetUp(int failures) {
        return Duration.ofMillis(Math.min(500L << Math.min(failures - 1, 20), 15_000));
    }

    /// @param failures failures in a row before this try, at least 1
    public static Duration afterFailures(int failures) {
        if (failures <= 1) {
            return Duration.ZERO;
        }
        long factor = 1L << Math.min(failures - 2, 20);
        Duration delay = FIRST.multipliedBy(factor);
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
