package dev.fairway.picture.explain;

import dev.fairway.picture.explain.PodSockets.Waiting;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where a Service's ports lead, compared with the sockets that wait in its ready pods: what the objects can only
/// suggest, this knows.
final class SocketCheck {

    private static final int FACTS_SHOWN = 5;

    private final ObjectKey key;
    private final List<Looked> pods;

    /// A ready pod that could be looked into.
    private record Looked(ObjectNode pod, List<Waiting> sockets) {
        String fact() {
            return PodSockets.fact(pod, sockets);
        }
    }

    /// @param pods those behind the Service
    SocketCheck(ObjectKey key, List<ObjectNode> pods, PodSockets sockets) {
        this.key = key;
        this.pods = pods.stream()
                .filter(ReadinessCheck::isReady)
                .flatMap(pod -> sockets.of(Meta.key(pod)).map(found -> new Looked(pod, found)).stream())
                .toList();
    }

    /// Whether it knows more than what pods declare.
    boolean knows() {
        return !pods.isEmpty();
    }

    List<Finding> findings(ObjectNode service) {
        List<Finding> out = new ArrayList<>();
        List<ObjectNode> ports = Tree.objects(service, "spec", "ports");
        for (int i = 0; i < ports.size() && knows(); i++) {
            port(ports.get(i), i).ifPresent(out::add);
        }
        return out;
    }

    private Optional<Finding> port(ObjectNode port, int index) {
        String protocol = Tree.text(port, "protocol").isEmpty() ? "TCP" : Tree.text(port, "protocol");
        List<Looked> bad = pods.stream()
                .filter(looked -> {
                    OptionalInt target = target(port, protocol, looked.pod());
                    return target.isPresent() && none(looked, target.getAsInt(), protocol, Waiting::isReachable);
                })
                .toList();
        if (bad.isEmpty()) {
            return Optional.empty();
        }
        int target = target(port, protocol, bad.getFirst().pod()).orElseThrow();
        return Optional.of(judged(bad, target, protocol, index));
    }

    private Finding judged(List<Looked> bad, int target, String protocol, int index) {
        String who = bad.size() == pods.size() ? "its pods" : bad.size() + " of its " + pods.size() + " pods";
        if (bad.stream().noneMatch(looked -> none(looked, target, protocol, any -> true))) {
            return finding(
                    Code.LISTENS_ON_LOOPBACK,
                    "in " + who + " the program waits on the loopback address only, so nobody outside the pod reaches "
                            + protocol + " port " + target,
                    bad,
                    logs(bad));
        }
        String other = protocol.equals("TCP") ? "UDP" : "TCP";
        if (bad.stream().noneMatch(looked -> none(looked, target, other, Waiting::isReachable))) {
            return finding(
                    Code.PROTOCOL_MISMATCH,
                    "in " + who + " port " + target + " waits for " + other + ", but the Service forwards " + protocol,
                    bad,
                    bad.size() == pods.size()
                            ? PortCheck.patch(key, index, "protocol", "\"" + other + "\"")
                            : logs(bad));
        }
        return finding(
                Code.NOTHING_LISTENS,
                "in " + who + " nothing waits on " + protocol + " port " + target + ", to which spec.ports[" + index
                        + "] leads: connections are refused",
                bad,
                onlyPort(protocol)
                        .map(port -> PortCheck.patch(key, index, "targetPort", Integer.toString(port)))
                        .orElse(logs(bad)));
    }

    private Finding finding(Code code, String sentence, List<Looked> bad, String fix) {
        return new Finding(
                code,
                key,
                sentence,
                bad.stream().limit(FACTS_SHOWN).map(Looked::fact).toList(),
                fix);
    }

    private String logs(List<Looked> bad) {
        return "kubectl logs " + Meta.name(bad.getFirst().pod()) + " -n " + key.namespace();
    }

    /// The one port that waits in all pods, if there is just one: then the Service is wrong, not the program.
    private Optional<Integer> onlyPort(String protocol) {
        List<Set<Integer>> ports = pods.stream()
                .map(looked -> looked.sockets().stream()
                        .filter(socket -> socket.protocol().equals(protocol) && socket.isReachable())
                        .map(Waiting::port)
                        .collect(Collectors.toSet()))
                .distinct()
                .toList();
        return ports.size() == 1 && ports.getFirst().size() == 1
                ? Optional.of(ports.getFirst().iterator().next())
                : Optional.empty();
    }

    private static boolean none(Looked looked, int port, String protocol, Predicate<Waiting> wanted) {
        return looked.sockets().stream()
                .noneMatch(
                        socket -> socket.port() == port && socket.protocol().equals(protocol) && wanted.test(socket));
    }

    /// Empty when a name leads nowhere, which is another finding's matter, or for protocols without sockets to see.
    static OptionalInt target(ObjectNode port, String protocol, ObjectNode pod) {
        if (!protocol.equals("TCP") && !protocol.equals("UDP")) {
            return OptionalInt.empty();
        }
        JsonNode target = Tree.at(port, "targetPort");
        if (!target.isString()) {
            return OptionalInt.of((int) Tree.number(port, Tree.number(port, 0, "port"), "targetPort"));
        }
        return PortCheck.containers(pod)
                .flatMap(container -> Tree.objects(container, "ports").stream())
                .filter(declared -> Tree.text(declared, "name").equals(target.stringValue()))
                .mapToInt(declared -> (int) Tree.number(declared, 0, "containerPort"))
                .findFirst();
    }
}
