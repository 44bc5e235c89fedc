package dev.fairway.picture.explain;

import dev.fairway.picture.explain.NodeFacts.Node;
import dev.fairway.picture.explain.NodeFacts.Tracking;
import dev.fairway.schema.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Nodes whose kernels cannot track more connections: what is new is dropped there, whatever Service it is for.
final class TrackingCheck {

    private final List<Node> crowded;

    TrackingCheck(NodeFacts facts) {
        crowded = facts.nodes().stream()
                .filter(node -> node.tracking().isCrowded())
                .toList();
    }

    Optional<Finding> finding(ObjectKey key) {
        List<Node> full =
                crowded.stream().filter(node -> isFull(node.tracking())).toList();
        if (!full.isEmpty()) {
            return Optional.of(finding(
                    Code.TRACKING_FULL, key, full, "cannot track more connections: it drops what is new, at random"));
        }
        return crowded.isEmpty()
                ? Optional.empty()
                : Optional.of(finding(
                        Code.TRACKING_NEARLY_FULL,
                        key,
                        crowded,
                        "tracks nearly as many connections as it may: beyond that it drops what is new"));
    }

    /// A full table is never full for long: an entry ends, and the next packet takes its place.
    private static boolean isFull(Tracking tracking) {
        return tracking.entries() >= tracking.maximum() || tracking.dropped() > 0;
    }

    private static Finding finding(Code code, ObjectKey key, List<Node> nodes, String does) {
        List<String> names = nodes.stream().map(Node::name).sorted().toList();
        String who = names.size() == 1 ? names.getFirst() + " " : "each of " + String.join(", ", names) + " ";
        return new Finding(
                code,
                key,
                who + does,
                nodes.stream().flatMap(TrackingCheck::facts).toList(),
                NodeFacts.command(nodes.getFirst().namespace(), "conntrack -S"));
    }

    private static Stream<String> facts(Node node) {
        Tracking tracking = node.tracking();
        return Stream.of(
                "on " + node.name() + ": " + tracking.entries() + " connections are tracked, at most "
                        + tracking.maximum() + " may be (net.netfilter.nf_conntrack_max)",
                "since it began " + node.name() + " dropped " + tracking.dropped() + " packets for that, and forgot "
                        + tracking.evicted() + " connections early");
    }
}
