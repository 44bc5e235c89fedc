package dev.fairway.control.workloads;

import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The numbers in a ReplicaSet's status.
///
/// @param nextAvailable when the next ready pod will count as available
record ReplicaCount(int replicas, int labelled, int ready, int available, Optional<Duration> nextAvailable) {

    static ReplicaCount of(ObjectNode set, List<ObjectNode> owned, Instant now) {
        List<ObjectNode> active = owned.stream().filter(Pods::isActive).toList();
        long minReady = Tree.number(set, 0, "spec", "minReadySeconds");
        var labels = Tree.textMap(set, "spec", "template", "metadata", "labels").entrySet();
        List<ObjectNode> ready = active.stream().filter(Pods::isReady).toList();
        List<ObjectNode> waiting = ready.stream()
                .filter(pod -> !Pods.isAvailable(pod, minReady, now))
                .toList();
        return new ReplicaCount(
                active.size(),
                (int) active.stream()
                        .filter(pod -> Meta.labels(pod).entrySet().containsAll(labels))
                        .count(),
                ready.size(),
                ready.size() - waiting.size(),
                waiting.stream()
                        .flatMap(pod -> Pods.readyChanged(pod).stream())
                        .min(Instant::compareTo)
                        .map(since -> Duration.between(now, since.plusSeconds(minReady))));
    }

    /// The ReplicaSet with these numbers in its status.
    ObjectNode in(ObjectNode set) {
        ObjectNode out = set.deepCopy();
        ObjectNode status = Tree.makeObject(out, "status");
        status.put("replicas", replicas);
        putPositive(status, "fullyLabeledReplicas", labelled);
        putPositive(status, "readyReplicas", ready);
        putPositive(status, "availableReplicas", available);
        status.put("observedGeneration", (int) Tree.number(set, 0, "metadata", "generation"));
        return out;
    }

    /// Zero is said by absence, as upstream does.
    static void putPositive(ObjectNode status, String field, int number) {
        if (number > 0) {
            status.put(field, number);
        } else {
            status.remove(field);
        }
    }
}
