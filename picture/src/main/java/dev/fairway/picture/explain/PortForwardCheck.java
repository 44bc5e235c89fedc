package dev.fairway.picture.explain;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Faults that `kubectl port-forward` does not meet, so that people look elsewhere.
final class PortForwardCheck {

    /// It dials the pod's own loopback address, from inside: neither what listens nowhere else nor what policies let in
    /// matters to it.
    private static final Set<Code> PASSED_BY = Set.of(Code.LISTENS_ON_LOOPBACK, Code.POLICY_LETS_NOBODY_IN);

    private PortForwardCheck() {}

    /// @param found what is wrong with the Service
    /// @param pods those behind it
    static Optional<Finding> finding(ObjectKey key, List<Finding> found, List<ObjectNode> pods) {
        Optional<Finding> passed = found.stream()
                .filter(finding -> PASSED_BY.contains(finding.code()))
                .findFirst();
        Optional<ObjectNode> ready =
                pods.stream().filter(ReadinessCheck::isReady).findFirst();
        return passed.flatMap(finding -> ready.map(pod -> new Finding(
                Code.PORT_FORWARD_PASSES,
                key,
                "kubectl port-forward may work all the same: it goes to one pod from inside, past the Service",
                List.of("it does not meet " + finding.code().label()),
                "kubectl port-forward -n " + key.namespace() + " pod/" + Meta.name(pod) + " :PORT")));
    }
}
