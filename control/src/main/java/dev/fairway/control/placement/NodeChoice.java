package dev.fairway.control.placement;

import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Whether a node may take a pod.
final class NodeChoice {

    private NodeChoice() {}

    /// Why not, in the words that kubectl users know; empty when it may.
    static Optional<String> refusal(JsonNode pod, JsonNode node, long podsOnNode) {
        if (Tree.flag(node, "spec", "unschedulable")) {
            return Optional.of("node(s) were unschedulable");
        }
        if (!Conditions.isTrue(node, "Ready") || Meta.isBeingDeleted(node)) {
            return Optional.of("node(s) were not ready");
        }
        var wanted = Tree.textMap(pod, "spec", "nodeSelector");
        if (!Meta.labels(node).entrySet().containsAll(wanted.entrySet())) {
            return Optional.of("node(s) didn't match Pod's node affinity/selector");
        }
        if (Tree.objects(node, "spec", "taints").stream().anyMatch(taint -> repels(taint, pod))) {
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

    private static boolean repels(JsonNode taint, JsonNode pod) {
        String effect = Tree.text(taint, "effect");
        return (effect.equals("NoSchedule") || effect.equals("NoExecute"))
                && Tree.objects(pod, "spec", "tolerations").stream()
                        .noneMatch(toleration -> tolerates(toleration, taint, effect));
    }

    private static boolean tolerates(JsonNode toleration, JsonNode taint, String effect) {
        String key = Tree.text(toleration, "key");
        String onlyEffect = Tree.text(toleration, "effect");
        boolean exists = Tree.text(toleration, "operator").equals("Exists");
        return (onlyEffect.isEmpty() || onlyEffect.equals(effect))
                && (key.isEmpty() ? exists : key.equals(Tree.text(taint, "key")))
                && (exists || Tree.text(toleration, "value").equals(Tree.text(taint, "value")));
    }
}
