package dev.fairway.control.placement;

import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Conditions;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Gives every pod without a node one. All waiting pods are placed in one decision, so that each sees where the others
/// went.
public final class PlacementController implements Controller {

    private static final WorkKey ALL_WAITING = new WorkKey(Resource.PODS, "", "");

    @Override
    public String name() {
        return "default-scheduler";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                new Trigger(Resource.PODS, PlacementController::ofPod),
                new Trigger(Resource.NODES, PlacementController::ofNode));
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public List<WorkKey> fixedKeys() {
        return List.of(ALL_WAITING);
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        List<ObjectNode> pending = Indexes.podsWithoutNode(snapshot).stream()
                .filter(Pods::isActive)
                .filter(PlacementController::isOurs)
                .toList();
        Collection<ObjectNode> nodes = snapshot.list(Resource.NODES, "");
        Map<String, Collection<ObjectNode>> running = new HashMap<>();
        nodes.forEach(node -> running.put(Meta.name(node), Indexes.podsOn(snapshot, Meta.name(node))));
        List<Write> writes = new ArrayList<>();
        for (Placement.Choice choice : Placement.plan(pending, nodes, running)) {
            writes.addAll(choice.node()
                    .map(node -> assign(choice.pod(), node, now))
                    .orElseGet(() -> refuse(choice.pod(), choice.why(), now)));
        }
        return Decision.of("pods wait for a node", writes);
    }

    private static boolean isOurs(JsonNode pod) {
        String scheduler = Tree.text(pod, "spec", "schedulerName");
        return (scheduler.isEmpty() || scheduler.equals("default-scheduler"))
                && Tree.objects(pod, "spec", "schedulingGates").isEmpty();
    }

    /// The condition comes first: once the node's name is set, the status belongs to the node.
    private static List<Write> assign(ObjectNode pod, String node, Instant now) {
        ObjectNode scheduled = Json.object();
        Tree.makeObject(scheduled, "metadata").put("uid", Meta.uid(pod));
        Tree.makeObject(scheduled, "spec").put("nodeName", node);
        return List.of(
                condition(pod, Conditions.of("PodScheduled", "True", "", "", now)),
                new Write.Patch(Resource.PODS, Meta.key(pod), "", scheduled),
                new Write.Announce(
                        Resource.PODS,
                        pod,
                        false,
                        "Scheduled",
                        "Successfully assigned %s to %s".formatted(Meta.key(pod), node)));
    }

    private static List<Write> refuse(ObjectNode pod, String why, Instant now) {
        boolean known = Conditions.find(pod, "PodScheduled")
                .filter(condition -> Tree.text(condition, "message").equals(why))
                .isPresent();
        return known
                ? List.of()
                : List.of(
                        condition(pod, Conditions.of("PodScheduled", "False", "Unschedulable", why, now)),
                        new Write.Announce(Resource.PODS, pod, true, "FailedScheduling", why));
    }

    private static Write condition(ObjectNode pod, ObjectNode condition) {
        ObjectNode changed = pod.deepCopy();
        condition
                .properties()
                .removeIf(field -> field.getValue().isString()
                        && field.getValue().stringValue().isEmpty());
        Conditions.set(changed, condition);
        ObjectNode change = Json.object();
        Tree.makeObject(change, "metadata").put("uid", Meta.uid(pod));
        Tree.makeObject(change, "status")
                .set("conditions", Tree.at(changed, "status", "conditions").deepCopy());
        return new Write.Patch(Resource.PODS, Meta.key(pod), "status", change);
    }

    /// A pod without node wants one; a pod that ends makes room.
    private static List<WorkKey> ofPod(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        boolean waits = now.filter(pod -> Pods.nodeName(pod).isEmpty()).isPresent();
        boolean ended = now.filter(Pods::isActive).isEmpty();
        return waits || ended ? List.of(ALL_WAITING) : List.of();
    }

    private static List<WorkKey> ofNode(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        return before.map(PlacementController::suitability).equals(now.map(PlacementController::suitability))
                ? List.of()
                : List.of(ALL_WAITING);
    }

    private static String suitability(ObjectNode node) {
        return Conditions.isTrue(node, "Ready") + Meta.labels(node).toString() + Json.toText(Tree.at(node, "spec"));
    }
}
