package dev.fairway.picture.explain;

import dev.fairway.picture.Conditions;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Pods that the selector chooses, of which none takes connections.
final class ReadinessCheck {

    private static final int PODS_SHOWN = 5;

    private ReadinessCheck() {}

    static List<Finding> findings(ObjectKey key, ObjectNode service, List<ObjectNode> pods) {
        if (Tree.flag(service, "spec", "publishNotReadyAddresses")
                || pods.stream().anyMatch(ReadinessCheck::isReady)) {
            return List.of();
        }
        List<String> evidence = new ArrayList<>();
        pods.stream().limit(PODS_SHOWN).forEach(pod -> evidence.add("pod " + Meta.name(pod) + ": " + why(pod)));
        if (pods.size() > PODS_SHOWN) {
            evidence.add("and " + (pods.size() - PODS_SHOWN) + " more pods");
        }
        String name = Meta.name(pods.getFirst());
        return List.of(new Finding(
                Code.NOT_READY,
                key,
                "the selector chooses " + pods.size() + (pods.size() == 1 ? " pod" : " pods")
                        + ", but none is ready, so the Service has nobody to send to",
                evidence,
                "kubectl describe pod " + name + " -n " + key.namespace()));
    }

    static boolean isReady(ObjectNode pod) {
        return !Meta.isBeingDeleted(pod) && Conditions.isTrue(pod, "Ready");
    }

    private static String why(ObjectNode pod) {
        if (Meta.isBeingDeleted(pod)) {
            return "terminating";
        }
        if (Tree.text(pod, "spec", "nodeName").isEmpty()) {
            return "on no node yet";
        }
        List<String> waiting = new ArrayList<>();
        for (ObjectNode container : Tree.objects(pod, "status", "containerStatuses")) {
            String reason = Tree.text(container, "state", "waiting", "reason");
            if (!reason.isEmpty()) {
                waiting.add("container " + Tree.text(container, "name") + " " + reason);
            } else if (!Tree.flag(container, "ready")) {
                waiting.add("container " + Tree.text(container, "name") + " not ready");
            }
        }
        Set<String> gates = Tree.objects(pod, "spec", "readinessGates").stream()
                .map(gate -> Tree.text(gate, "conditionType"))
                .filter(gate -> !Conditions.isTrue(pod, gate))
                .collect(Collectors.toCollection(TreeSet::new));
        gates.forEach(gate -> waiting.add("readiness gate " + gate + " is not set"));
        return waiting.isEmpty() ? "not ready" : String.join(", ", waiting);
    }
}
