package dev.fairway.control.object;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads the state of a Pod.
public final class Pods {

    private Pods() {}

    public static String nodeName(JsonNode pod) {
        return Tree.text(pod, "spec", "nodeName");
    }

    public static String phase(JsonNode pod) {
        return Tree.text(pod, "status", "phase");
    }

    public static boolean isReady(JsonNode pod) {
        return Conditions.isTrue(pod, "Ready");
    }

    /// When the Ready condition last changed.
    public static Optional<Instant> readyChanged(JsonNode pod) {
        return Conditions.find(pod, "Ready").flatMap(condition -> Times.find(condition, "lastTransitionTime"));
    }

    /// Ready without a break for at least the given time.
    public static boolean isAvailable(JsonNode pod, long minReadySeconds, Instant now) {
        return isReady(pod)
                && (minReadySeconds == 0
                        || readyChanged(pod)
                                .filter(since ->
                                        !since.plusSeconds(minReadySeconds).isAfter(now))
                                .isPresent());
    }

    /// It has run to its end and never runs again.
    public static boolean isTerminal(JsonNode pod) {
        return phase(pod).equals("Succeeded") || phase(pod).equals("Failed");
    }

    /// It runs or will run.
    public static boolean isActive(JsonNode pod) {
        return !isTerminal(pod) && !Meta.isBeingDeleted(pod);
    }

    /// The pod's addresses, the primary one first; empty before the node has set them.
    public static List<String> addresses(JsonNode pod) {
        List<String> all = Tree.objects(pod, "status", "podIPs").stream()
                .map(entry -> Tree.text(entry, "ip"))
                .filter(ip -> !ip.isEmpty())
                .toList();
        String primary = Tree.text(pod, "status", "podIP");
        return !all.isEmpty() || primary.isEmpty() ? all : List.of(primary);
    }
}
