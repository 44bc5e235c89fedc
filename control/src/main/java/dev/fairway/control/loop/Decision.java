package dev.fairway.control.loop;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a controller wants done about one key.
///
/// @param writes performed in this order; the first refusal ends the round and the key is decided afresh
/// @param why for the log: what was missing or wrong
/// @param again when to decide once more even if nothing changes
public record Decision(List<Write> writes, String why, Optional<Duration> again) {

    public static final Decision NOTHING = new Decision(List.of(), "as wanted", Optional.empty());

    public Decision {
        writes = List.copyOf(writes);
    }

    public static Decision of(String why, List<Write> writes) {
        return new Decision(writes, why, Optional.empty());
    }

    public static Decision of(String why, Write... writes) {
        return of(why, List.of(writes));
    }

    public Decision againAfter(Duration delay) {
        return new Decision(writes, why, Optional.of(delay));
    }
}
