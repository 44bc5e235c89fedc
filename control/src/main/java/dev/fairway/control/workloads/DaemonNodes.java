package dev.fairway.control.workloads;

import dev.fairway.control.object.NodeAffinity;
import dev.fairway.control.object.Taints;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which nodes a DaemonSet's pod belongs on.
///
/// @param shouldRun the node is to have a pod
/// @param mayStay a pod that is there already may go on
record DaemonNodes(boolean shouldRun, boolean mayStay) {

    private static final DaemonNodes NO = new DaemonNodes(false, false);

    /// Daemons go on where others have to leave.
    private static final List<String> TOLERATED = List.of(
            "not-ready:NoExecute",
            "unreachable:NoExecute",
            "disk-pressure:NoSchedule",
            "memory-pressure:NoSchedule",
            "pid-pressure:NoSchedule",
            "unschedulable:NoSchedule");

    /// @param pod as the DaemonSet makes it, tied to no node yet
    static DaemonNodes on(JsonNode node, JsonNode pod) {
        String only = Tree.text(pod, "spec", "nodeName");
        if (!only.isEmpty() && !only.equals(Meta.name(node)) || !NodeAffinity.admits(pod, node)) {
            return NO;
        }
        boolean tolerated = Taints.of(node).filter(Taints::keepsOut).allMatch(taint -> Taints.tolerates(pod, taint));
        boolean bearable = Taints.of(node).filter(Taints::drivesOut).allMatch(taint -> Taints.tolerates(pod, taint));
        return new DaemonNodes(tolerated, bearable);
    }

    /// Adds the tolerations that every daemon has. Edits `pod`.
    static void addTolerations(ObjectNode pod) {
        TOLERATED.forEach(taint -> addToleration(pod, taint));
        if (Tree.flag(pod, "spec", "hostNetwork")) {
            addToleration(pod, "network-unavailable:NoSchedule");
        }
    }

    private static void addToleration(ObjectNode pod, String taint) {
        String[] parts = taint.split(":");
        ObjectNode toleration = Json.object()
                .put("key", "node.kubernetes.io/" + parts[0])
                .put("operator", "Exists")
                .put("effect", parts[1]);
        List<ObjectNode> present = Tree.objects(pod, "spec", "tolerations");
        if (!present.contains(toleration)) {
            Tree.makeArray(Tree.makeObject(pod, "spec"), "tolerations").add(toleration);
        }
    }
}
