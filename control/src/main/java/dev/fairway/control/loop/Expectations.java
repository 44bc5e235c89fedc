package dev.fairway.control.loop;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What a controller has written but its mirrors do not show yet. A decision waits until they do: otherwise it would
/// create the same pods twice.
final class Expectations {

    /// After this long the mirrors are trusted again: the change may have been undone and never be seen.
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private sealed interface Expected {

        record Seen(Resource resource, String resourceVersion) implements Expected {}

        record Deleted(Resource resource, ObjectKey key, String uid) implements Expected {}
    }

    private record Entry(List<Expected> expected, Instant until) {}

    private final Mirrors mirrors;
    private final Clock clock;
    private final Map<WorkKey, Entry> entries = new ConcurrentHashMap<>();

    Expectations(Mirrors mirrors, Clock clock) {
        this.mirrors = mirrors;
        this.clock = clock;
    }

    void expectSeen(WorkKey work, Resource resource, String resourceVersion) {
        add(work, new Expected.Seen(resource, resourceVersion));
    }

    void expectDeleted(WorkKey work, Resource resource, ObjectKey key, String uid) {
        add(work, new Expected.Deleted(resource, key, uid));
    }

    private void add(WorkKey work, Expected expected) {
        Instant until = clock.instant().plus(LIMIT);
        entries.merge(work, new Entry(List.of(expected), until), (old, added) -> {
            List<Expected> all = new ArrayList<>(old.expected());
            all.addAll(added.expected());
            return new Entry(all, until);
        });
    }

    /// True when the mirrors show all that was written for the key (or the wait is over).
    boolean areMet(WorkKey work) {
        Entry entry = entries.get(work);
        if (entry == null) {
            return true;
        }
        boolean met = entry.expected().stream().allMatch(this::isMet)
                || clock.instant().isAfter(entry.until());
        if (met) {
            entries.remove(work);
        }
        return met;
    }

    private boolean isMet(Expected expected) {
        return switch (expected) {
            case Expected.Seen seen ->
                !mirrors.has(seen.resource()) || mirrors.hasSeen(seen.resource(), seen.resourceVersion());
            case Expected.Deleted gone ->
                !mirrors.has(gone.resource())
                        || mirrors.get(
                                        gone.resource(),
                                        gone.key().namespace(),
                                        gone.key().name())
                                .filter(object -> Meta.uid(object).equals(gone.uid()))
                                .filter(object -> !Meta.isBeingDeleted(object))
                                .isEmpty();
        };
    }
}
