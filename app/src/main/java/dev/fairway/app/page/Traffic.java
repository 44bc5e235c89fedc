package dev.fairway.app.page;

import dev.fairway.table.ServiceName;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// How many new connections come to each Service. All open pages share one look at the counters in each interval; while
/// nobody looks, nothing is read.
final class Traffic {

    static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Supplier<Map<ServiceName, Long>> counters;
    private final LongSupplier clockNanos;
    private Map<ServiceName, Long> before = Map.of();
    private SortedMap<ServiceName, Long> rates = Collections.emptySortedMap();
    private boolean hasRead;
    private long readNanos;

    /// @param counters connections so far, of all nodes together
    Traffic(Supplier<Map<ServiceName, Long>> counters, LongSupplier clockNanos) {
        this.counters = counters;
        this.clockNanos = clockNanos;
    }

    /// New connections in a second, since the last look; only Services that got any.
    synchronized SortedMap<ServiceName, Long> perSecond() {
        long now = clockNanos.getAsLong();
        long nanos = now - readNanos;
        if (hasRead && nanos < INTERVAL.toNanos()) {
            return rates;
        }
        Map<ServiceName, Long> read = counters.get();
        rates = hasRead ? between(before, read, Duration.ofNanos(nanos)) : Collections.emptySortedMap();
        before = read;
        hasRead = true;
        readNanos = now;
        return rates;
    }

    /// One in a second at least for whoever got any; none for a Service whose counter is new or began anew.
    static SortedMap<ServiceName, Long> between(
            Map<ServiceName, Long> before, Map<ServiceName, Long> now, Duration time) {
        SortedMap<ServiceName, Long> out = new TreeMap<>();
        now.forEach((service, count) -> {
            long more = count - before.getOrDefault(service, count);
            if (more > 0) {
                out.put(service, Math.max(1, Math.round(more * 1e9 / time.toNanos())));
            }
        });
        return Collections.unmodifiableSortedMap(out);
    }
}
