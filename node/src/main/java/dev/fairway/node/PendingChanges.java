package dev.fairway.node;

import dev.fairway.schema.Meta;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// Changes that the API has told and that are not in the kernel yet, with when each endpoint change began.
///
/// ```
/// the API tells -> a table holds it -> the kernel has the table
/// ```
final class PendingChanges {

    static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

    private final Instant started;
    private Batch told = new Batch();
    private final NavigableMap<Long, Batch> inTables = new TreeMap<>();
    private long inForce;

    private static final class Batch {
        private int services;
        private int endpoints;
        private final List<Instant> triggers = new ArrayList<>();
    }

    /// @param started what began before says nothing of this process
    PendingChanges(Instant started) {
        this.started = started;
    }

    synchronized void service() {
        told.services++;
    }

    /// @param now empty when the slice is gone
    synchronized void slice(Optional<ObjectNode> now) {
        told.endpoints++;
        now.flatMap(PendingChanges::trigger)
                .filter(began -> began.isAfter(started))
                .ifPresent(told.triggers::add);
    }

    private static Optional<Instant> trigger(ObjectNode slice) {
        String text = Meta.annotation(slice, TRIGGER_TIME);
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notATime) {
            return Optional.empty(); // anyone may write an annotation
        }
    }

    /// All that was told so far is in the table of this revision.
    synchronized void inTable(long revision) {
        if (revision > inForce) {
            Batch batch = inTables.computeIfAbsent(revision, _ -> new Batch());
            batch.services += told.services;
            batch.endpoints += told.endpoints;
            batch.triggers.addAll(told.triggers);
        }
        told = new Batch();
    }

    /// The kernel has the table of this revision.
    ///
    /// @return when the endpoint changes in it began
    synchronized List<Instant> inForce(long revision) {
        inForce = revision;
        NavigableMap<Long, Batch> done = inTables.headMap(revision, true);
        List<Instant> triggers =
                done.values().stream().flatMap(batch -> batch.triggers.stream()).toList();
        done.clear();
        return triggers;
    }

    synchronized int services() {
        return told.services
                + inTables.values().stream().mapToInt(batch -> batch.services).sum();
    }

    synchronized int endpoints() {
        return told.endpoints
                + inTables.values().stream().mapToInt(batch -> batch.endpoints).sum();
    }
}
