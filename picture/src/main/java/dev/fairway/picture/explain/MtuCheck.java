package dev.fairway.picture.explain;

import dev.fairway.picture.explain.NodeFacts.Cable;
import dev.fairway.picture.explain.NodeFacts.Link;
import dev.fairway.picture.explain.NodeFacts.PodWay;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Ways on which large packets vanish: somebody sends larger ones than a link takes that comes after. A router would
/// tell the sender so (RFC 1191); a link that takes a packet from its cable, or a switch, drops it without a word.
final class MtuCheck {

    private static final int FACTS_SHOWN = 6;
    private static final Set<String> OPEN_OUTSIDE = Set.of("NodePort", "LoadBalancer");

    /// @param to whom it does not reach
    private record Narrow(Link sender, Link taker, String from, String to) {}

    private record OnSegment(Cable from, Cable to, Narrow narrow) {
        boolean touches(Set<String> nodes) {
            return nodes.contains(from.owner()) || nodes.contains(to.owner());
        }
    }

    private final NodeFacts facts;
    private final List<OnSegment> segments = new ArrayList<>();

    MtuCheck(NodeFacts facts) {
        this.facts = facts;
        for (Cable from : facts.cables()) {
            for (Cable to : facts.cables()) {
                if (!from.equals(to) && from.outside() == to.outside()) {
                    narrow(from.owner(), to.owner(), from.link(), from.port(), to.port(), to.link())
                            .ifPresent(narrow -> segments.add(new OnSegment(from, to, narrow)));
                }
            }
        }
    }

    private static Optional<Narrow> narrow(String from, String to, Link sender, Link... way) {
        return Stream.of(way)
                .filter(link -> link.mtuBytes() < sender.mtuBytes())
                .min(Comparator.comparingInt(Link::mtuBytes))
                .map(link -> new Narrow(sender, link, from, to));
    }

    /// @param pods those behind the Service
    Optional<Finding> finding(ObjectKey key, ObjectNode service, List<ObjectNode> pods) {
        List<ObjectNode> ready = pods.stream().filter(ReadinessCheck::isReady).toList();
        Set<String> nodes = ready.stream()
                .map(pod -> Tree.text(pod, "spec", "nodeName"))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<Narrow> all = new ArrayList<>();
        ready.forEach(pod -> all.addAll(ofPod(pod)));
        segments.stream()
                .filter(it -> it.from().outside() ? isOpenOutside(service) : it.touches(nodes))
                .map(OnSegment::narrow)
                .forEach(all::add);
        return all.stream()
                .min(Comparator.comparingInt(narrow -> narrow.taker().mtuBytes()))
                .map(worst -> finding(key, worst, all));
    }

    private static boolean isOpenOutside(ObjectNode service) {
        return OPEN_OUTSIDE.contains(Tree.text(service, "spec", "type"))
                || !Tree.texts(service, "spec", "externalIPs").isEmpty();
    }

    private List<Narrow> ofPod(ObjectNode pod) {
        PodWay way = facts.pods().get(Meta.key(pod));
        if (way == null) {
            return List.of();
        }
        String node = Tree.text(pod, "spec", "nodeName");
        String name = "pod " + Meta.name(pod);
        return Stream.of(
                        narrow(name, node, way.pod(), way.node()),
                        narrow(node, name, way.bridge(), way.node(), way.pod()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Finding finding(ObjectKey key, Narrow worst, List<Narrow> all) {
        Set<String> evidence = new LinkedHashSet<>();
        evidence.add(worst.taker() + " at most");
        evidence.add(worst.sender() + " at most");
        all.forEach(narrow -> evidence.add("more than " + narrow.taker().mtuBytes() + " bytes vanish from "
                + narrow.from() + " to " + narrow.to()));
        return new Finding(
                Code.MTU_DIFFERS,
                key,
                "packets of more than " + worst.taker().mtuBytes() + " bytes from " + worst.from() + " to " + worst.to()
                        + " vanish: what is small works, what is large hangs",
                evidence.stream().limit(FACTS_SHOWN).toList(),
                NodeFacts.command(
                        worst.taker().namespace(),
                        "ip link set dev " + worst.taker().name() + " mtu "
                                + worst.sender().mtuBytes()));
    }
}
