package dev.fairway.picture.explain;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A selector that also chooses pods of another kind: some declare the port to which the Service forwards, others
/// declare ports, but not that one.
final class BreadthCheck {

    private static final int PODS_SHOWN = 5;

    private BreadthCheck() {}

    static Optional<Finding> finding(ObjectKey key, ObjectNode service, List<ObjectNode> pods) {
        for (ObjectNode port : Tree.objects(service, "spec", "ports")) {
            JsonNode target = Tree.at(port, "targetPort");
            if (target.isIntegralNumber()) {
                Optional<Finding> found = finding(key, target.longValue(), pods);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Finding> finding(ObjectKey key, long target, List<ObjectNode> pods) {
        List<String> with = new ArrayList<>();
        List<String> strange = new ArrayList<>();
        for (ObjectNode pod : pods) {
            List<Long> declared = declared(pod);
            if (declared.contains(target)) {
                with.add(Meta.name(pod));
            } else if (!declared.isEmpty()) {
                strange.add(Meta.name(pod) + " declares " + declared.getFirst());
            }
        }
        if (with.isEmpty() || strange.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                Code.SELECTOR_TOO_BROAD,
                key,
                "its selector also chooses pods that do not declare port " + target
                        + ", so some connections may be refused",
                strange.stream()
                        .sorted()
                        .limit(PODS_SHOWN)
                        .map(text -> "pod " + text)
                        .toList(),
                "kubectl get pods -n " + key.namespace() + " --show-labels"));
    }

    private static List<Long> declared(ObjectNode pod) {
        return PortCheck.containers(pod)
                .flatMap(container -> Tree.objects(container, "ports").stream())
                .map(port -> Tree.number(port, 0, "containerPort"))
                .toList();
    }
}
