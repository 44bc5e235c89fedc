package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Fills how Deployments and DaemonSets replace their pods.
final class RolloutDefaults {

    private static final String ROLLING = "RollingUpdate";

    private RolloutDefaults() {}

    static void deployment(ObjectNode spec) {
        ObjectNode strategy = Tree.makeObject(spec, "strategy");
        if (isRolling(strategy)) {
            ObjectNode rolling = Tree.makeObject(strategy, "rollingUpdate");
            for (String field : List.of("maxUnavailable", "maxSurge")) {
                if (!Tree.has(rolling, field)) {
                    rolling.put(field, "25%");
                }
            }
        }
    }

    static void daemonSet(ObjectNode spec) {
        ObjectNode strategy = Tree.makeObject(spec, "updateStrategy");
        if (isRolling(strategy)) {
            ObjectNode rolling = Tree.makeObject(strategy, "rollingUpdate");
            OwnerRules.absent(rolling, "maxUnavailable", 1);
            OwnerRules.absent(rolling, "maxSurge", 0);
        }
    }

    private static boolean isRolling(ObjectNode strategy) {
        if (Tree.text(strategy, "type").isEmpty()) {
            strategy.put("type", ROLLING);
        }
        return Tree.text(strategy, "type").equals(ROLLING);
    }
}
