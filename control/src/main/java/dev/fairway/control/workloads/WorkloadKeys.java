package dev.fairway.control.workloads;

import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which ReplicaSets and Deployments a change concerns.
final class WorkloadKeys {

    private WorkloadKeys() {}

    static Collection<WorkKey> deploymentsOfReplicaSet(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        return ownersOf(snapshot, Resource.DEPLOYMENTS, key, before, now);
    }

    /// A pod that is gone may let a Deployment with strategy Recreate go on.
    static Collection<WorkKey> deploymentsOfGonePod(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        if (now.isPresent()) {
            return List.of();
        }
        return before.stream()
                .flatMap(pod -> controllerOf(Resource.REPLICA_SETS, pod).stream())
                .flatMap(set -> snapshot.get(set).stream())
                .flatMap(set -> controllerOf(Resource.DEPLOYMENTS, set).stream())
                .toList();
    }

    /// The object's owner of the kind before and now; for an orphan those that may adopt it.
    static Collection<WorkKey> ownersOf(
            Snapshot snapshot, Resource owners, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        Set<WorkKey> out = new LinkedHashSet<>();
        Stream.concat(before.stream(), now.stream())
                .flatMap(object -> controllerOf(owners, object).stream())
                .forEach(out::add);
        now.filter(object -> Meta.controller(object).isEmpty())
                .ifPresent(orphan -> snapshot.list(owners, key.namespace()).stream()
                        .filter(owner -> selectorOf(owners, owner).matches(Meta.labels(orphan)))
                        .forEach(owner -> out.add(WorkKey.of(owners, owner))));
        return out;
    }

    private static Optional<WorkKey> controllerOf(Resource resource, JsonNode object) {
        return Meta.controller(object)
                .filter(owner -> Tree.text(owner, "kind").equals(resource.kind()))
                .map(owner -> new WorkKey(resource, Meta.namespace(object), Tree.text(owner, "name")));
    }

    /// The selector of a ReplicationController is a plain map.
    static LabelSelector selectorOf(Resource resource, JsonNode owner) {
        return resource.equals(Resource.REPLICATION_CONTROLLERS)
                ? LabelSelector.ofMap(Tree.textMap(owner, "spec", "selector"))
                : LabelSelector.ofObject(Tree.at(owner, "spec", "selector"));
    }

    /// Pods in the owner's namespace that the selector chooses.
    static List<ObjectNode> podsMatching(Snapshot snapshot, JsonNode owner, LabelSelector selector) {
        boolean plain = !Tree.has(owner, "spec", "selector", "matchLabels");
        Map<String, String> labels = plain
                ? Tree.textMap(owner, "spec", "selector")
                : Tree.textMap(owner, "spec", "selector", "matchLabels");
        return Indexes.podsWith(snapshot, Meta.namespace(owner), labels).stream()
                .filter(pod -> selector.matches(Meta.labels(pod)))
                .toList();
    }
}
