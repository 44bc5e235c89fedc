package dev.fairway.control.object;

import dev.fairway.schema.Tree;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What keeps pods off a node, and which pods do not mind.
public final class Taints {

    private Taints() {}

    public static Stream<ObjectNode> of(JsonNode node) {
        return Tree.objects(node, "spec", "taints").stream();
    }

    /// No new pods; with `PreferNoSchedule` they may come.
    public static boolean keepsOut(JsonNode taint) {
        String effect = Tree.text(taint, "effect");
        return effect.equals("NoSchedule") || effect.equals("NoExecute");
    }

    /// Running pods have to leave as well.
    public static boolean drivesOut(JsonNode taint) {
        return Tree.text(taint, "effect").equals("NoExecute");
    }

    public static boolean tolerates(JsonNode pod, JsonNode taint) {
        return tolerations(pod, taint).findAny().isPresent();
    }

    /// The pod's tolerations that speak of the taint.
    public static Stream<ObjectNode> tolerations(JsonNode pod, JsonNode taint) {
        return Tree.objects(pod, "spec", "tolerations").stream().filter(toleration -> speaksOf(toleration, taint));
    }

    private static boolean speaksOf(JsonNode toleration, JsonNode taint) {
        String key = Tree.text(toleration, "key");
        String effect = Tree.text(toleration, "effect");
        boolean exists = Tree.text(toleration, "operator").equals("Exists");
        return (effect.isEmpty() || effect.equals(Tree.text(taint, "effect")))
                && (key.isEmpty() ? exists : key.equals(Tree.text(taint, "key")))
                && (exists || Tree.text(toleration, "value").equals(Tree.text(taint, "value")));
    }
}
