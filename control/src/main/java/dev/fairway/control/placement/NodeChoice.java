package dev.fairway.control.placement;

import dev.fairway.control.object.Conditions;
import dev.fairway.control.object.NodeAffinity;
import dev.fairway.control.object.Taints;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether a node may take a pod.
final class NodeChoice {

    /// The taint that a cordoned node stands for.
    private static final ObjectNode UNSCHEDULABLE =
            Json.object().put("key", "node.kubernetes.io/unschedulable").put("effect", "NoSchedule");

    private NodeChoice() {}

    /// Why not, in the words that kubectl users know; empty when it may.
    static Optional<String> refusal(JsonNode pod, JsonNode node, long podsOnNode) {
        if (Tree.flag(node, "spec", "unschedulable") && !Taints.tolerates(pod, UNSCHEDULABLE)) {
            return Optional.of("node(s) were unschedulable");
        }
        if (!Conditions.isTrue(node, "Ready") || Meta.isBeingDeleted(node)) {
            return Optional.of("node(s) were not ready");
        }
        if (!NodeAffinity.admits(pod, node)) {
            return Optional.of("node(s) didn't match Pod's node affinity/selector");
        }
        if (Taints.of(node).anyMatch(taint -> Taints.keepsOut(taint) && !Taints.tolerates(pod, taint))) {
            return Optional.of("node(s) had untolerated taint(s)");
        }
        return podsOnNode >= capacity(node) ? Optional.of("Too many pods") : Optional.empty();
    }

    private static long capacity(JsonNode node) {
        JsonNode pods = Tree.at(node, "status", "allocatable", "pods");
        if (pods.isIntegralNumber()) {
            return pods.longValue();
        }
        return pods.isString() && pods.stringValue().matches("[0-9]{1,9}")
                ? Long.parseLong(pods.stringValue())
                : Long.MAX_VALUE;
    }
}
