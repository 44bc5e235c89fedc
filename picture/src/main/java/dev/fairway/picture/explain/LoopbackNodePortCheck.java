package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Pods that look for a node port on `localhost`, where they find only themselves.
final class LoopbackNodePortCheck {

    private LoopbackNodePortCheck() {}

    /// @param local those who are told to talk to their own loopback address
    static Optional<Finding> finding(ObjectKey key, ObjectNode service, List<Caller> local) {
        Set<Long> nodePorts = Tree.objects(service, "spec", "ports").stream()
                .map(port -> Tree.number(port, 0, "nodePort"))
                .filter(port -> port > 0)
                .collect(Collectors.toSet());
        List<Caller> wrong = local.stream()
                .filter(caller -> nodePorts.contains((long) caller.dial().port()))
                .filter(caller -> !Tree.flag(caller.pod(), "spec", "hostNetwork") && !declares(caller))
                .toList();
        if (wrong.isEmpty()) {
            return Optional.empty();
        }
        Caller first = wrong.getFirst();
        return Optional.of(new Finding(
                Code.NODE_PORT_ON_LOOPBACK,
                key,
                "pod " + first.podName() + " is told to dial its node port "
                        + first.dial().port() + " on "
                        + first.dial().host() + ", which in a pod is the pod itself: node ports answer on nodes'"
                        + " addresses",
                Caller.facts(wrong),
                "kubectl get nodes -o wide"));
    }

    /// Its own program, then, is meant.
    private static boolean declares(Caller caller) {
        return PortCheck.containers(caller.pod())
                .flatMap(container -> Tree.objects(container, "ports").stream())
                .anyMatch(port ->
                        Tree.number(port, 0, "containerPort") == caller.dial().port());
    }
}
