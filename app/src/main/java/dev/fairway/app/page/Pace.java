package dev.fairway.app.page;

import java.time.Duration;

/// How long a stream rests after a screen: three times what it took to make, so that a page costs a quarter of a
/// processor at most. Rest is saved up, for a while: whoever sees a change after a quiet time sees the next one at once
/// too.
final class Pace {

    /// A browser is told no more often than it can show.
    static final Duration LEAST = Duration.ofMillis(40);

    private static final Duration SAVED_MAX = Duration.ofSeconds(1);
    private static final int PAUSES = 3;

    private Duration saved = SAVED_MAX;

    /// @param waited for something to change
    /// @param spent on the screen
    /// @return how long to rest now
    Duration after(Duration waited, Duration spent) {
        Duration left = least(saved.plus(waited), SAVED_MAX).minus(spent.multipliedBy(PAUSES));
        Duration rest = left.plus(LEAST).isNegative() ? left.negated() : LEAST;
        saved = left.plus(rest);
        return rest;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
