package dev.fairway.control.workloads;

import dev.fairway.control.object.Pods;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// The numbers in a DaemonSet's status.
record DaemonStatus(int desired, int current, int misscheduled, int ready, int updated, int available) {

    /// @param wanted nodes that are to have a pod
    /// @param all every node's name
    static DaemonStatus of(DaemonPods pods, List<String> wanted, List<String> all) {
        int current = 0;
        int ready = 0;
        int updated = 0;
        int available = 0;
        for (String node : wanted) {
            List<ObjectNode> there = pods.on(node);
            current += there.isEmpty() ? 0 : 1;
            ready += there.stream().anyMatch(Pods::isReady) ? 1 : 0;
            available += there.stream().anyMatch(pods::isAvailable) ? 1 : 0;
            updated += there.stream().anyMatch(pods::isCurrent) ? 1 : 0;
        }
        Set<String> right = Set.copyOf(wanted);
        int wrong = (int) all.stream()
                .filter(node -> !right.contains(node) && !pods.on(node).isEmpty())
                .count();
        return new DaemonStatus(wanted.size(), current, wrong, ready, updated, available);
    }

    ObjectNode in(ObjectNode set) {
        ObjectNode out = set.deepCopy();
        ObjectNode status = Tree.makeObject(out, "status");
        status.put("currentNumberScheduled", current)
                .put("numberMisscheduled", misscheduled)
                .put("desiredNumberScheduled", desired)
                .put("numberReady", ready)
                .put("observedGeneration", (int) Tree.number(set, 0, "metadata", "generation"));
        ReplicaCount.putPositive(status, "updatedNumberScheduled", updated);
        ReplicaCount.putPositive(status, "numberAvailable", available);
        ReplicaCount.putPositive(status, "numberUnavailable", desired - available);
        return out;
    }

    /// When the next ready pod will count as available.
    static Optional<Duration> nextAvailable(DaemonPods pods) {
        long seconds = Tree.number(pods.set(), 0, "spec", "minReadySeconds");
        return pods.byNode().values().stream()
                .flatMap(List::stream)
                .filter(pod -> Pods.isReady(pod) && !pods.isAvailable(pod))
                .flatMap(pod -> Pods.readyChanged(pod).stream())
                .min(Instant::compareTo)
                .map(since -> Duration.between(pods.now(), since.plusSeconds(seconds)));
    }
}
