package dev.fairway.control.loop;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Keeps one promise about the cluster's state. It only decides: the loop gives it changes, asks for a decision per key
/// and performs what it says.
public interface Controller {

    /// The component in events and logs, `replicaset-controller` for example.
    String name();

    /// The collections it looks at, and which work a change in each of them makes.
    List<Trigger> triggers();

    /// Keys that are decided at start and at each resync although no object may exist for them.
    default List<WorkKey> fixedKeys() {
        return List.of();
    }

    /// What to do about the key now. Pure: it reads the snapshot and nothing else.
    Decision decide(Snapshot snapshot, WorkKey key, Instant now);

    /// What to tell people when the key's writes were refused, besides trying again. Only events make sense here.
    ///
    /// @param refusal not a conflict and not a race with a deletion: those are nobody's concern
    default List<Write> refused(Snapshot snapshot, WorkKey key, ApiException refusal) {
        return List.of();
    }

    /// Whether all keys are decided again every few minutes, for what no change told; else at the start only.
    default boolean isResynced() {
        return true;
    }

    /// Keys decided at the same time; one key is never decided twice at once.
    default int workers() {
        return 4;
    }

    default RetryDelays retryDelays() {
        return RetryDelays.DEFAULT;
    }

    /// Delays between tries of a failing key: doubling from first to last.
    record RetryDelays(Duration first, Duration last) {
        public static final RetryDelays DEFAULT = new RetryDelays(Duration.ofMillis(50), Duration.ofSeconds(60));
    }

    /// @param delay how long the work may wait, so that a fight with somebody else over an object stays slow
    record Trigger(Resource resource, Mapping mapping, Duration delay) {

        public Trigger(Resource resource, Mapping mapping) {
            this(resource, mapping, Duration.ZERO);
        }

        /// Each object of the collection is its own work.
        public static Trigger self(Resource resource) {
            return new Trigger(resource, (snapshot, key, before, now) -> List.of(WorkKey.of(resource, key)));
        }

        /// The collection is read in decisions, but its changes alone make no work.
        public static Trigger readOnly(Resource resource) {
            return new Trigger(resource, (snapshot, key, before, now) -> List.of());
        }
    }

    interface Mapping {
        Collection<WorkKey> keys(
                Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now);
    }
}
