package dev.fairway.control.workloads;

import dev.fairway.control.object.Canonical;
import dev.fairway.control.object.NodeAffinity;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A DaemonSet's pods, node by node.
///
/// @param byNode the oldest first; pods of nodes that are gone among them
record DaemonPods(ObjectNode set, String hash, Map<String, List<ObjectNode>> byNode, Instant now) {

    static final String HASH = "controller-revision-hash";

    static DaemonPods of(ObjectNode set, List<ObjectNode> owned, Instant now) {
        Map<String, List<ObjectNode>> byNode = new TreeMap<>();
        owned.stream()
                .sorted(Comparator.comparing(Times::created).thenComparing(Meta::name))
                .forEach(pod -> byNode.computeIfAbsent(NodeAffinity.nodeOf(pod), _ -> new ArrayList<>())
                        .add(pod));
        return new DaemonPods(set, Canonical.hash(Tree.at(set, "spec", "template")), byNode, now);
    }

    List<ObjectNode> on(String node) {
        return byNode.getOrDefault(node, List.of());
    }

    /// Pods that are not on their way out.
    List<ObjectNode> staying(String node) {
        return on(node).stream().filter(pod -> !Meta.isBeingDeleted(pod)).toList();
    }

    boolean isCurrent(JsonNode pod) {
        return Meta.labels(pod).getOrDefault(HASH, "").equals(hash);
    }

    boolean isAvailable(JsonNode pod) {
        return Pods.isAvailable(pod, Tree.number(set, 0, "spec", "minReadySeconds"), now);
    }

    /// A pod of the current template, for any node that fits.
    ObjectNode make() {
        ObjectNode pod = PodTemplate.podOf(Resource.DAEMON_SETS, set);
        Tree.makeObject(pod, "metadata", "labels").put(HASH, hash);
        DaemonNodes.addTolerations(pod);
        return pod;
    }

    /// A pod of the current template for one node.
    ObjectNode makeFor(String node) {
        ObjectNode pod = make();
        NodeAffinity.pinTo(pod, node);
        return pod;
    }
}
