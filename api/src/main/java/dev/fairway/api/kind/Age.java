package dev.fairway.api.kind;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/// Ages as kubectl shows them (apimachinery `pkg/util/duration`, HumanDuration).
public final class Age {

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long YEAR = 365 * DAY;

    private Age() {}

    /// `45s`, `5m12s`, `3h`, `8d`, `2y34d`. A little less than nothing is `0s`; far in the future is `<invalid>`.
    public static String text(Duration age) {
        long seconds = age.toSeconds();
        if (age.compareTo(Duration.ofSeconds(-2)) <= 0) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 2 * MINUTE) {
            return seconds + "s";
        }
        if (seconds < 10 * MINUTE) {
            return two(seconds, MINUTE, "m", 1, "s");
        }
        if (seconds < 3 * HOUR) {
            return seconds / MINUTE + "m";
        }
        if (seconds < 8 * HOUR) {
            return two(seconds, HOUR, "h", MINUTE, "m");
        }
        if (seconds < 2 * DAY) {
            return seconds / HOUR + "h";
        }
        if (seconds < 8 * DAY) {
            return two(seconds, DAY, "d", HOUR, "h");
        }
        if (seconds < 2 * YEAR) {
            return seconds / DAY + "d";
        }
        return seconds < 8 * YEAR ? two(seconds, YEAR, "y", DAY, "d") : seconds / YEAR + "y";
    }

    private static String two(long seconds, long large, String largeUnit, long small, String smallUnit) {
        long rest = seconds % large / small;
        return seconds / large + largeUnit + (rest == 0 ? "" : rest + smallUnit);
    }

    /// The time since an RFC 3339 timestamp; `<unknown>` when there is none.
    public static String since(String timestamp, Instant now) {
        try {
            return timestamp.isEmpty() ? "<unknown>" : text(Duration.between(Instant.parse(timestamp), now));
        } catch (DateTimeException e) {
            return "<unknown>"; // the cell says as much as can be known
        }
    }
}
