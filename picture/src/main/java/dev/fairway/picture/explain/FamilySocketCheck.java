package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.picture.explain.PodSockets.Waiting;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Programs that wait for one family of addresses only, behind a Service that has two.
final class FamilySocketCheck {

    private static final int FACTS_SHOWN = 5;

    private final ObjectKey key;
    private final List<ObjectNode> pods;
    private final PodSockets sockets;

    /// @param pods those behind the Service
    FamilySocketCheck(ObjectKey key, List<ObjectNode> pods, PodSockets sockets) {
        this.key = key;
        this.pods = pods.stream().filter(ReadinessCheck::isReady).toList();
        this.sockets = sockets;
    }

    Optional<Finding> finding(ObjectNode service) {
        List<String> asked = Tree.texts(service, "spec", "ipFamilies");
        return Arrays.stream(IpFamily.values())
                .filter(family -> asked.contains(family.apiName()))
                .flatMap(family -> Tree.objects(service, "spec", "ports").stream()
                        .flatMap(port -> finding(asked, port, family).stream()))
                .findFirst();
    }

    private Optional<Finding> finding(List<String> asked, ObjectNode port, IpFamily family) {
        List<ObjectNode> deaf =
                pods.stream().filter(pod -> isDeaf(pod, port, family)).toList();
        if (deaf.isEmpty()) {
            return Optional.empty();
        }
        String who = deaf.size() == pods.size() ? "its pods" : deaf.size() + " of its " + pods.size() + " pods";
        return Optional.of(new Finding(
                Code.FAMILY_NOT_SERVED,
                key,
                "in " + who + " the program does not wait for " + family.apiName() + " on " + protocol(port) + " port "
                        + target(port, deaf.getFirst()).orElse(0) + ": over " + family.apiName()
                        + " connections are refused",
                Stream.concat(
                                Stream.of("spec.ipFamilies: " + String.join(", ", asked)),
                                deaf.stream()
                                        .flatMap(pod -> sockets.of(Meta.key(pod)).stream()
                                                .map(found -> PodSockets.fact(pod, found))))
                        .limit(FACTS_SHOWN)
                        .toList(),
                "kubectl logs " + Meta.name(deaf.getFirst()) + " -n " + key.namespace()));
    }

    /// It has an address of the family, and waits at the port, but only for others.
    private boolean isDeaf(ObjectNode pod, ObjectNode port, IpFamily family) {
        OptionalInt target = target(port, pod);
        List<Waiting> there = sockets.of(Meta.key(pod)).orElse(List.of()).stream()
                .filter(socket -> target.isPresent() && socket.port() == target.getAsInt())
                .filter(socket -> socket.protocol().equals(protocol(port)) && socket.isReachable())
                .toList();
        return hasAddress(pod, family)
                && !there.isEmpty()
                && there.stream().noneMatch(socket -> socket.isReachable(family));
    }

    private static boolean hasAddress(ObjectNode pod, IpFamily family) {
        return Tree.objects(pod, "status", "podIPs").stream()
                .flatMap(entry -> IpAddress.tryParse(Tree.text(entry, "ip")).stream())
                .anyMatch(address -> address.family() == family);
    }

    private static OptionalInt target(ObjectNode port, ObjectNode pod) {
        return SocketCheck.target(port, protocol(port), pod);
    }

    private static String protocol(ObjectNode port) {
        String text = Tree.text(port, "protocol");
        return text.isEmpty() ? "TCP" : text;
    }
}
