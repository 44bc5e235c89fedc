package dev.fairway.picture;

import dev.fairway.schema.Tree;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What objects say of their own state.
public final class Conditions {

    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private Conditions() {}

    /// Whether the object has the condition with status `True`.
    public static boolean isTrue(JsonNode object, String type) {
        return Tree.objects(object, "status", "conditions").stream()
                .anyMatch(condition -> Tree.text(condition, "type").equals(type)
                        && Tree.text(condition, "status").equals("True"));
    }

    /// A pod whose containers have ended for good.
    public static boolean hasEnded(JsonNode pod) {
        return ENDED.contains(Tree.text(pod, "status", "phase"));
    }
}
