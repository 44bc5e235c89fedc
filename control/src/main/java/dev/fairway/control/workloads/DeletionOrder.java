package dev.fairway.control.workloads;

import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Times;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which pods go first when there are too many: those whose loss hurts least.
final class DeletionOrder {

    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private DeletionOrder() {}

    /// Without node, then pending, then unready; then the lower deletion cost, the fuller node, the shorter ready, the
    /// younger (upstream's ActivePodsWithRanks).
    static Comparator<ObjectNode> of(Collection<ObjectNode> pods) {
        Map<String, Long> onNode = pods.stream().collect(Collectors.groupingBy(Pods::nodeName, Collectors.counting()));
        return Comparator.comparing((ObjectNode pod) -> !Pods.nodeName(pod).isEmpty())
                .thenComparingInt(DeletionOrder::phaseRank)
                .thenComparing(Pods::isReady)
                .thenComparingLong(DeletionOrder::cost)
                .thenComparing(pod -> onNode.getOrDefault(Pods.nodeName(pod), 0L), Comparator.reverseOrder())
                .thenComparing(pod -> Pods.readyChanged(pod).orElse(Instant.MAX), Comparator.reverseOrder())
                .thenComparing(Times::created, Comparator.reverseOrder())
                .thenComparing(Meta::name);
    }

    private static int phaseRank(JsonNode pod) {
        return switch (Pods.phase(pod)) {
            case "Running" -> 2;
            case "Unknown" -> 1;
            default -> 0;
        };
    }

    private static long cost(JsonNode pod) {
        String text = Meta.annotation(pod, COST);
        return text.matches("-?[0-9]{1,10}") ? Long.parseLong(text) : 0;
    }
}
