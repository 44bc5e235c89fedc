package dev.fairway.picture.explain;

import dev.fairway.picture.explain.PodSockets.Waiting;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A selector that also chooses pods of another kind: some serve the port to which the Service forwards, others have
/// other labels or declare only other ports. What waits in a pod outweighs what it declares.
final class BreadthCheck {

    private static final int FACTS_SHOWN = 5;

    private final ObjectKey key;
    private final List<ObjectNode> pods;
    private final PodSockets sockets;
    private final Optional<Split> split;

    /// A port with the pods that serve it and those of another kind.
    private record Split(long port, List<ObjectNode> serving, List<ObjectNode> strangers) {}

    /// @param pods those behind the Service
    BreadthCheck(ObjectKey key, ObjectNode service, List<ObjectNode> pods, PodSockets sockets) {
        this.key = key;
        this.pods = pods;
        this.sockets = sockets;
        this.split = Tree.objects(service, "spec", "ports").stream()
                .flatMap(port -> split(port).stream())
                .findFirst();
    }

    private Optional<Split> split(ObjectNode port) {
        JsonNode target = Tree.at(port, "targetPort");
        if (!target.isIntegralNumber()) {
            return Optional.empty();
        }
        long number = target.longValue();
        String protocol = Tree.text(port, "protocol").isEmpty() ? "TCP" : Tree.text(port, "protocol");
        List<ObjectNode> serving =
                pods.stream().filter(pod -> serves(pod, number, protocol)).toList();
        List<ObjectNode> strangers = pods.stream()
                .filter(pod -> !serving.contains(pod) && isStrange(pod, number, serving))
                .toList();
        return serving.isEmpty() || strangers.isEmpty()
                ? Optional.empty()
                : Optional.of(new Split(number, serving, strangers));
    }

    private boolean serves(ObjectNode pod, long port, String protocol) {
        return waiting(pod)
                .map(found -> found.stream()
                        .anyMatch(socket ->
                                socket.port() == port && socket.protocol().equals(protocol)))
                .orElseGet(() -> declared(pod).contains(port));
    }

    /// A pod that starts or fails among others of its kind is no stranger.
    private boolean isStrange(ObjectNode pod, long port, List<ObjectNode> serving) {
        List<Long> declared = declared(pod);
        boolean declaresOthers = !declared.isEmpty() && !declared.contains(port);
        return declaresOthers
                || waiting(pod).isPresent()
                        && serving.stream().noneMatch(other -> kind(other).equals(kind(pod)));
    }

    private static SortedMap<String, String> kind(ObjectNode pod) {
        SortedMap<String, String> out = Meta.labels(pod);
        out.keySet().removeAll(SelectorCheck.GENERATED);
        return out;
    }

    /// Empty for a pod that need not serve now, or that nobody looked into.
    private Optional<List<Waiting>> waiting(ObjectNode pod) {
        return sockets.of(Meta.key(pod)).filter(_ -> ReadinessCheck.isReady(pod));
    }

    private static List<Long> declared(ObjectNode pod) {
        return PortCheck.containers(pod)
                .flatMap(container -> Tree.objects(container, "ports").stream())
                .map(port -> Tree.number(port, 0, "containerPort"))
                .toList();
    }

    /// The pods but those of another kind.
    List<ObjectNode> own() {
        return split.map(found -> pods.stream()
                        .filter(pod -> !found.strangers().contains(pod))
                        .toList())
                .orElse(pods);
    }

    Optional<Finding> finding() {
        return split.map(found -> new Finding(
                Code.SELECTOR_TOO_BROAD,
                key,
                "its selector also chooses pods " + what(found),
                found.strangers().stream()
                        .flatMap(this::facts)
                        .sorted()
                        .limit(FACTS_SHOWN)
                        .toList(),
                "kubectl get pods -n " + key.namespace() + " --show-labels"));
    }

    private String what(Split found) {
        return found.strangers().stream().allMatch(pod -> waiting(pod).isPresent())
                ? "of another kind, in which nothing waits on port " + found.port()
                        + ": connections that get there are refused"
                : "that do not declare port " + found.port() + ", so some connections may be refused";
    }

    private Stream<String> facts(ObjectNode pod) {
        List<Long> declared = declared(pod);
        return Stream.concat(
                declared.stream().limit(1).map(port -> "pod " + Meta.name(pod) + " declares " + port),
                waiting(pod).stream().map(found -> PodSockets.fact(pod, found)));
    }
}
