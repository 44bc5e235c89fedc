package dev.fairway.control.workloads;

import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a Deployment reports: numbers, and the conditions that `kubectl rollout status` waits for.
final class DeploymentStatus {

    private static final int NO_DEADLINE = Integer.MAX_VALUE;

    private final ObjectNode deployment;
    private final Revisions revisions;
    private final RolloutLimits limits;
    private final Instant now;

    DeploymentStatus(ObjectNode deployment, Revisions revisions, RolloutLimits limits, Instant now) {
        this.deployment = deployment;
        this.revisions = revisions;
        this.limits = limits;
        this.now = now;
    }

    /// The Deployment with its status as it should be now.
    ObjectNode updated() {
        ObjectNode out = deployment.deepCopy();
        ObjectNode status = Tree.makeObject(out, "status");
        status.put("observedGeneration", (int) Tree.number(deployment, 0, "metadata", "generation"));
        int available = sum("status", "availableReplicas");
        put(status, "replicas", sum("status", "replicas"));
        put(status, "updatedReplicas", updatedReplicas());
        put(status, "readyReplicas", sum("status", "readyReplicas"));
        put(status, "availableReplicas", available);
        put(status, "unavailableReplicas", Math.max(0, sum("spec", "replicas") - available));
        Conditions.set(out, withUpdateTime(availability(available)));
        progress(out).ifPresent(condition -> Conditions.set(out, withUpdateTime(condition)));
        return out;
    }

    /// All pods are of the current template and available, and no old one is left.
    boolean isComplete() {
        return updatedReplicas() == limits.replicas()
                && sum("status", "replicas") == limits.replicas()
                && sum("status", "availableReplicas") == limits.replicas()
                && sets().allMatch(DeploymentStatus::isObserved);
    }

    /// When the rollout will count as stuck, if it is under way.
    Optional<Duration> untilDeadline(JsonNode updated) {
        return Conditions.find(updated, "Progressing")
                .filter(condition -> Tree.text(condition, "reason").equals("ReplicaSetUpdated")
                        || Tree.text(condition, "reason").equals("NewReplicaSetCreated"))
                .flatMap(condition -> Times.find(condition, "lastUpdateTime"))
                .filter(since -> deadlineSeconds() != NO_DEADLINE)
                .map(since -> Duration.between(now, since.plusSeconds(deadlineSeconds() + 1)));
    }

    private ObjectNode availability(int available) {
        return available >= limits.minAvailable()
                ? Conditions.of(
                        "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
                : Conditions.of(
                        "Available",
                        "False",
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability.",
                        now);
    }

    private Optional<ObjectNode> progress(ObjectNode updated) {
        String name = revisions.fresh().map(Meta::name).orElse("");
        Optional<ObjectNode> before = Conditions.find(deployment, "Progressing");
        if (isComplete() && revisions.fresh().isPresent()) {
            return Optional.of(progressing("True", "NewReplicaSetAvailable", name, "has successfully progressed."));
        }
        if (Tree.flag(deployment, "spec", "paused") || deadlineSeconds() == NO_DEADLINE) {
            return Optional.empty();
        }
        if (before.isEmpty() || isNewRollout(before.get()) || hasProgressed(updated)) {
            return Optional.of(progressing("True", "ReplicaSetUpdated", name, "is progressing."));
        }
        boolean late = Times.find(before.get(), "lastUpdateTime")
                .filter(since -> since.plusSeconds(deadlineSeconds()).isBefore(now))
                .isPresent();
        return late
                ? Optional.of(progressing("False", "ProgressDeadlineExceeded", name, "has timed out progressing."))
                : Optional.empty();
    }

    /// The last rollout was done (or given up), and the specification has changed since.
    private boolean isNewRollout(JsonNode progressing) {
        return Tree.text(progressing, "reason").equals("NewReplicaSetAvailable")
                || Tree.number(deployment, 0, "status", "observedGeneration")
                        != Tree.number(deployment, 0, "metadata", "generation");
    }

    private boolean hasProgressed(JsonNode updated) {
        long oldBefore = number("replicas") - number("updatedReplicas");
        long oldNow = Tree.number(updated, 0, "status", "replicas") - updatedReplicas();
        return updatedReplicas() > number("updatedReplicas")
                || oldNow < oldBefore
                || Tree.number(updated, 0, "status", "readyReplicas") > number("readyReplicas")
                || Tree.number(updated, 0, "status", "availableReplicas") > number("availableReplicas");
    }

    private ObjectNode progressing(String status, String reason, String set, String message) {
        String subject = set.isEmpty() ? "Deployment \"" + Meta.name(deployment) : "ReplicaSet \"" + set;
        return Conditions.of("Progressing", status, reason, subject + "\" " + message, now);
    }

    /// The time of the last update moves when the condition says something else, or when progress is told again.
    private ObjectNode withUpdateTime(ObjectNode condition) {
        Optional<ObjectNode> before = Conditions.find(deployment, Tree.text(condition, "type"));
        boolean same = before.filter(old -> Tree.text(old, "reason").equals(Tree.text(condition, "reason"))
                        && Tree.text(old, "message").equals(Tree.text(condition, "message"))
                        && !Tree.text(old, "reason").equals("ReplicaSetUpdated"))
                .isPresent();
        String time = same ? Tree.text(before.orElseThrow(), "lastUpdateTime") : Times.toText(now);
        return condition.put("lastUpdateTime", time);
    }

    private int updatedReplicas() {
        return revisions
                .fresh()
                .map(set -> (int) Tree.number(set, 0, "status", "replicas"))
                .orElse(0);
    }

    private Stream<ObjectNode> sets() {
        return Stream.concat(revisions.fresh().stream(), revisions.old().stream());
    }

    private int sum(String... path) {
        return sets().mapToInt(set -> (int) Tree.number(set, 0, path)).sum();
    }

    private static boolean isObserved(JsonNode set) {
        return Tree.number(set, 0, "status", "observedGeneration") >= Tree.number(set, 0, "metadata", "generation");
    }

    private long number(String field) {
        return Tree.number(deployment, 0, "status", field);
    }

    private int deadlineSeconds() {
        return (int) Tree.number(deployment, 600, "spec", "progressDeadlineSeconds");
    }

    private static void put(ObjectNode status, String field, int number) {
        ReplicaCount.putPositive(status, field, number);
    }
}
