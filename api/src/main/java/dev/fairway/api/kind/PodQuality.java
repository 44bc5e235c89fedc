package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The quality-of-service class of a pod, from its containers' processor and memory requests and limits.
enum PodQuality {
    GUARANTEED("Guaranteed"),
    BURSTABLE("Burstable"),
    BEST_EFFORT("BestEffort");

    private static final List<String> COUNTED = List.of("cpu", "memory");

    private final String apiName;

    PodQuality(String apiName) {
        this.apiName = apiName;
    }

    String apiName() {
        return apiName;
    }

    static PodQuality of(ObjectNode pod) {
        boolean any = false;
        boolean all = true;
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Tree.objects(pod, "spec", list)) {
                for (String resource : COUNTED) {
                    JsonNode request = Tree.at(container, "resources", "requests", resource);
                    JsonNode limit = Tree.at(container, "resources", "limits", resource);
                    any |= !request.isMissingNode() || !limit.isMissingNode();
                    all &= !limit.isMissingNode() && limit.equals(request);
                }
            }
        }
        return any ? (all ? GUARANTEED : BURSTABLE) : BEST_EFFORT;
    }
}
