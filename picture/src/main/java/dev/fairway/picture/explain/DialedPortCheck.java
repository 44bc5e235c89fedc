package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Pods that are told to dial a port that the Service does not have, such as that of its pods.
final class DialedPortCheck {

    private final ObjectKey key;
    private final List<ObjectNode> ports;
    private final List<ObjectNode> pods;

    private DialedPortCheck(ObjectKey key, List<ObjectNode> ports, List<ObjectNode> pods) {
        this.key = key;
        this.ports = ports;
        this.pods = pods;
    }

    /// @param callers those who are told to talk to it
    /// @param pods those behind the Service
    static Optional<Finding> finding(ObjectKey key, ObjectNode service, List<Caller> callers, List<ObjectNode> pods) {
        List<ObjectNode> ports = Tree.objects(service, "spec", "ports");
        if (ports.isEmpty() || Tree.text(service, "spec", "clusterIP").equals("None")) {
            return Optional.empty();
        }
        return new DialedPortCheck(key, ports, pods).finding(callers);
    }

    private Optional<Finding> finding(List<Caller> callers) {
        Set<Long> open = numbers(ports, "port");
        List<Caller> wrong = callers.stream()
                .filter(caller -> caller.dial().port() > 0
                        && !open.contains((long) caller.dial().port()))
                .filter(caller -> caller.dial().way() != Dial.Way.PAIR
                        || isNear(caller.dial().port()))
                .toList();
        if (wrong.isEmpty()) {
            return Optional.empty();
        }
        Caller first = wrong.getFirst();
        return Optional.of(new Finding(
                Code.DIALED_PORT_ABSENT,
                key,
                "pod " + first.podName() + " is told to dial port "
                        + first.dial().port() + ", which the Service does not have; it has " + text(open)
                        + meant(first.dial().port()),
                Caller.facts(wrong),
                "kubectl get service " + key.name() + " -n " + key.namespace()));
    }

    /// A port that belongs to the Service in another place: so the word means the Service and no image, say.
    private boolean isNear(long port) {
        return numbers(ports, "targetPort").contains(port)
                || numbers(ports, "nodePort").contains(port)
                || declared().contains(port);
    }

    private String meant(long port) {
        if (numbers(ports, "nodePort").contains(port)) {
            return " (" + port + " is its node port, on which nodes answer)";
        }
        return isNear(port) ? " (" + port + " is its pods' port)" : "";
    }

    private Set<Long> declared() {
        return pods.stream()
                .flatMap(PortCheck::containers)
                .map(container -> numbers(Tree.objects(container, "ports"), "containerPort"))
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }

    private static Set<Long> numbers(List<ObjectNode> ports, String field) {
        return ports.stream()
                .map(port -> Tree.number(port, 0, field))
                .filter(value -> value > 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(Set<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
