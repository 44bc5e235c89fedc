package dev.fairway.dataplane;

import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.table.ServiceName;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What is known of refused and dropped packets: the kernel's counters live as long as their elements, and these go as
/// soon as a Service has endpoints again.
///
/// @param looked when the counters were read last; `Instant.EPOCH` for never
record DropLedger(SortedMap<At, Seen> seen, Instant looked) {

    static final DropLedger EMPTY = new DropLedger(new TreeMap<>(), Instant.EPOCH);

    DropLedger {
        seen = Collections.unmodifiableSortedMap(new TreeMap<>(seen));
    }

    record At(ServiceName service, FrontendAt frontend, DropReason reason) implements Comparable<At> {
        @Override
        public int compareTo(At other) {
            int byService = service.compareTo(other.service);
            int byFrontend = byService != 0 ? byService : frontend.compareTo(other.frontend);
            return byFrontend != 0 ? byFrontend : reason.compareTo(other.reason);
        }
    }

    /// @param total since this process began, and before as far as the kernel still knew
    /// @param counter the kernel's own, 0 when it has gone
    /// @param after the look before the last packet
    /// @param until the look that found it
    record Seen(long total, long counter, Instant after, Instant until) {

        private static final Seen NOTHING = new Seen(0, 0, Instant.EPOCH, Instant.EPOCH);

        Seen counted(long now, Instant lastLook, Instant look) {
            long more = now < counter ? now : now - counter;
            return more == 0 ? this : new Seen(total + more, now, lastLook, look);
        }

        Seen begunAnew() {
            return new Seen(total, 0, after, until);
        }
    }

    /// @param counters of all elements that are there
    DropLedger with(Map<At, Long> counters, Instant now) {
        TreeMap<At, Seen> next = new TreeMap<>(seen);
        next.replaceAll((at, was) -> counters.containsKey(at) ? was : was.begunAnew());
        counters.forEach((at, packets) -> {
            if (packets > 0) {
                Seen was = next.getOrDefault(at, Seen.NOTHING);
                next.put(at, was.counted(packets, looked, now));
            }
        });
        return new DropLedger(next, now);
    }

    /// Elements that were taken away; when they come back they count from 0.
    DropLedger without(Predicate<At> gone) {
        TreeMap<At, Seen> next = new TreeMap<>(seen);
        next.replaceAll((at, was) -> gone.test(at) ? was.begunAnew() : was);
        return new DropLedger(next, looked);
    }

    /// Without the Services that are gone.
    DropLedger of(Predicate<ServiceName> isThere) {
        TreeMap<At, Seen> next = new TreeMap<>(seen);
        next.keySet().removeIf(at -> !isThere.test(at.service()));
        return new DropLedger(next, looked);
    }

    List<DropCount> counts() {
        return seen.entrySet().stream()
                .map(entry -> count(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static DropCount count(At at, Seen seen) {
        return new DropCount(
                at.service(),
                at.frontend().frontend(),
                at.frontend().protocol(),
                at.reason(),
                seen.total(),
                seen.after(),
                seen.until());
    }
}
