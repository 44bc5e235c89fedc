package dev.fairway.control.workloads;

import dev.fairway.schema.Tree;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How far a rollout may stray from the wanted number of pods.
///
/// @param surge pods above the wanted number
/// @param unavailable pods that may be missing
record RolloutLimits(int replicas, int surge, int unavailable) {

    static RolloutLimits of(JsonNode deployment) {
        int replicas = (int) Tree.number(deployment, 1, "spec", "replicas");
        if (Tree.text(deployment, "spec", "strategy", "type").equals("Recreate")) {
            return new RolloutLimits(replicas, 0, replicas);
        }
        JsonNode rolling = Tree.at(deployment, "spec", "strategy", "rollingUpdate");
        int surge = resolve(Tree.at(rolling, "maxSurge"), replicas, true, quarter(replicas, true));
        int unavailable = Math.min(
                replicas, resolve(Tree.at(rolling, "maxUnavailable"), replicas, false, quarter(replicas, false)));
        // With neither, a rollout could never begin.
        return new RolloutLimits(replicas, surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
    }

    int minAvailable() {
        return Math.max(0, replicas - unavailable);
    }

    int maxTotal() {
        return replicas + surge;
    }

    private static int quarter(int replicas, boolean roundUp) {
        return percent(25, replicas, roundUp);
    }

    /// A number, or a percentage of the replicas.
    ///
    /// @param absent what no value means
    static int resolve(JsonNode value, int replicas, boolean roundUp, int absent) {
        return value.isIntegralNumber()
                ? Math.max(0, value.intValue())
                : percentOf(value)
                        .map(percent -> percent(percent, replicas, roundUp))
                        .orElse(absent);
    }

    private static int percent(int percent, int replicas, boolean roundUp) {
        return (replicas * percent + (roundUp ? 99 : 0)) / 100;
    }

    private static Optional<Integer> percentOf(JsonNode value) {
        return value.isString() && value.stringValue().matches("[0-9]{1,6}%")
                ? Optional.of(Integer.parseInt(
                        value.stringValue().substring(0, value.stringValue().length() - 1)))
                : Optional.empty();
    }
}
