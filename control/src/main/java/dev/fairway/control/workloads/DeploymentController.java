package dev.fairway.control.workloads;

import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Canonical;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Json;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Brings Deployments to their current template, step by step or by starting over.
public final class DeploymentController implements Controller {

    private final PodAdoption adoption;

    /// @param client for a fresh look before replica sets are adopted
    public DeploymentController(ApiClient client) {
        this.adoption = new PodAdoption(client);
    }

    @Override
    public String name() {
        return "deployment-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                Trigger.self(Resource.DEPLOYMENTS),
                new Trigger(Resource.REPLICA_SETS, WorkloadKeys::deploymentsOfReplicaSet),
                new Trigger(Resource.PODS, WorkloadKeys::deploymentsOfGonePod));
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key)
                .filter(deployment -> !Meta.isBeingDeleted(deployment))
                .map(deployment -> decide(snapshot, deployment, now))
                .orElse(Decision.NOTHING);
    }

    private Decision decide(Snapshot snapshot, ObjectNode deployment, Instant now) {
        List<ObjectNode> orphans = orphans(snapshot, deployment);
        if (!orphans.isEmpty()) {
            return Decision.of(
                    "replica sets to adopt",
                    adoption.adopt(Resource.REPLICA_SETS, orphans, Resource.DEPLOYMENTS, deployment));
        }
        Revisions revisions = Revisions.of(deployment, Indexes.replicaSetsOf(snapshot, deployment));
        RolloutLimits limits = RolloutLimits.of(deployment);
        DeploymentStatus status = new DeploymentStatus(deployment, revisions, limits, now);
        List<Write> writes = new ArrayList<>(step(snapshot, deployment, revisions, limits));
        writes.addAll(revisionWrites(deployment, revisions));
        if (status.isComplete()) {
            writes.addAll(forget(deployment, revisions));
        }
        ObjectNode updated = status.updated();
        if (!Canonical.equal(updated, deployment)) {
            // Last, because the step may have changed the Deployment's own revision annotation.
            writes.add(new Write.Patch(
                    Resource.DEPLOYMENTS, Meta.key(deployment), "status", statusPatch(deployment, updated)));
        }
        return new Decision(writes, "rollout or status to bring forward", status.untilDeadline(updated));
    }

    /// A count that went to zero is absent from the new status: the merge patch must say so, or the old one stays.
    static ObjectNode statusPatch(ObjectNode deployment, ObjectNode updated) {
        ObjectNode status = Tree.makeObject(updated.deepCopy(), "status");
        for (String field : Tree.at(deployment, "status").propertyNames()) {
            if (!status.has(field)) {
                status.putNull(field);
            }
        }
        ObjectNode change = Json.object();
        change.set("status", status);
        return change;
    }

    private static List<Write> step(
            Snapshot snapshot, ObjectNode deployment, Revisions revisions, RolloutLimits limits) {
        if (Tree.flag(deployment, "spec", "paused")) {
            return revisions
                    .fresh()
                    .filter(fresh ->
                            wanted(fresh) > 0 || revisions.old().stream().allMatch(old -> wanted(old) == 0))
                    .map(fresh -> scale(deployment, fresh, limits.replicas(), limits))
                    .orElse(List.of());
        }
        return Tree.text(deployment, "spec", "strategy", "type").equals("Recreate")
                ? recreate(snapshot, deployment, revisions, limits)
                : roll(deployment, revisions, limits);
    }

    private static List<Write> recreate(
            Snapshot snapshot, ObjectNode deployment, Revisions revisions, RolloutLimits limits) {
        List<Write> down = revisions.old().stream()
                .flatMap(old -> scale(deployment, old, 0, limits).stream())
                .toList();
        boolean oldPodsRun = revisions.old().stream()
                .flatMap(old -> Indexes.podsOf(snapshot, old).stream())
                .anyMatch(pod -> !Pods.isTerminal(pod));
        if (!down.isEmpty() || oldPodsRun) {
            return down;
        }
        return revisions
                .fresh()
                .map(fresh -> scale(deployment, fresh, limits.replicas(), limits))
                .orElseGet(() -> create(deployment, revisions, limits, limits.replicas()));
    }

    private static List<Write> roll(ObjectNode deployment, Revisions revisions, RolloutLimits limits) {
        List<Rollout.Scale> old =
                revisions.old().stream().map(DeploymentController::scaleOf).toList();
        Optional<ObjectNode> fresh = revisions.fresh();
        if (fresh.isEmpty()) {
            int first = Rollout.wantedOfNew(limits, new Rollout.Scale("", 0, 0), old);
            return create(deployment, revisions, limits, first);
        }
        List<Write> out = new ArrayList<>();
        for (Rollout.Scale scale : Rollout.plan(limits, scaleOf(fresh.get()), old)) {
            List<ObjectNode> sets = new ArrayList<>(revisions.old());
            sets.add(fresh.get());
            sets.stream()
                    .filter(set -> Meta.name(set).equals(scale.name()))
                    .forEach(set -> out.addAll(scale(deployment, set, scale.wanted(), limits)));
        }
        return out;
    }

    private static Rollout.Scale scaleOf(ObjectNode set) {
        return new Rollout.Scale(Meta.name(set), wanted(set), (int) Tree.number(set, 0, "status", "availableReplicas"));
    }

    private static int wanted(ObjectNode set) {
        return (int) Tree.number(set, 1, "spec", "replicas");
    }

    private static List<Write> create(ObjectNode deployment, Revisions revisions, RolloutLimits limits, int replicas) {
        ObjectNode set = revisions.create(deployment, limits, replicas);
        return List.of(
                Write.Create.of(Resource.REPLICA_SETS, set), announceScale(deployment, Meta.name(set), 0, replicas));
    }

    private static List<Write> scale(ObjectNode deployment, ObjectNode set, int replicas, RolloutLimits limits) {
        return wanted(set) == replicas
                ? List.of()
                : List.of(
                        new Write.Patch(
                                Resource.REPLICA_SETS, Meta.key(set), "", Revisions.scalePatch(replicas, limits)),
                        announceScale(deployment, Meta.name(set), wanted(set), replicas));
    }

    private static Write announceScale(ObjectNode deployment, String set, int from, int to) {
        String message = "Scaled %s replica set %s from %d to %d".formatted(to < from ? "down" : "up", set, from, to);
        return new Write.Announce(Resource.DEPLOYMENTS, deployment, false, "ScalingReplicaSet", message);
    }

    /// The current template's ReplicaSet and the Deployment carry the same, highest revision.
    private static List<Write> revisionWrites(ObjectNode deployment, Revisions revisions) {
        long revision = revisions.freshRevision();
        List<Write> out = new ArrayList<>();
        revisions
                .fresh()
                .filter(fresh -> Revisions.revisionOf(fresh) != revision)
                .ifPresent(fresh -> out.add(new Write.Patch(
                        Resource.REPLICA_SETS, Meta.key(fresh), "", Revisions.revisionPatch(revision))));
        if (Revisions.revisionOf(deployment) != revision) {
            out.add(new Write.Patch(Resource.DEPLOYMENTS, Meta.key(deployment), "", Revisions.revisionPatch(revision)));
        }
        return out;
    }

    /// Deletes empty old ReplicaSets beyond the history limit, the oldest revisions first.
    private static List<Write> forget(ObjectNode deployment, Revisions revisions) {
        List<ObjectNode> empty = revisions.old().stream()
                .filter(set ->
                        wanted(set) == 0 && Tree.number(set, 0, "status", "replicas") == 0 && !Meta.isBeingDeleted(set))
                .sorted(Comparator.comparingLong(Revisions::revisionOf))
                .toList();
        long limit = Tree.number(deployment, 10, "spec", "revisionHistoryLimit");
        return empty.stream()
                .limit(Math.max(0, empty.size() - limit))
                .map(set -> (Write) Write.Delete.of(Resource.REPLICA_SETS, set))
                .toList();
    }

    private static List<ObjectNode> orphans(Snapshot snapshot, ObjectNode deployment) {
        LabelSelector selector = WorkloadKeys.selectorOf(Resource.DEPLOYMENTS, deployment);
        return snapshot.list(Resource.REPLICA_SETS, Meta.namespace(deployment)).stream()
                .filter(set -> Meta.controller(set).isEmpty() && !Meta.isBeingDeleted(set))
                .filter(set -> !selector.isEverything() && selector.matches(Meta.labels(set)))
                .toList();
    }
}
