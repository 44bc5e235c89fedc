package dev.fairway.control.lifecycle;

import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The taints that say in what state a node is.
final class NodeTaints {

    static final String NOT_READY = "node.kubernetes.io/not-ready";
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    private static final Set<String> OURS = Set.of(NOT_READY, UNREACHABLE, UNSCHEDULABLE);

    private NodeTaints() {}

    /// Brings the node's taints in line with its conditions; those of others stay.
    static List<Write> writes(ObjectNode node, Instant now) {
        List<ObjectNode> had = Tree.objects(node, "spec", "taints");
        List<ObjectNode> wanted = new ArrayList<>(had.stream()
                .filter(taint -> !OURS.contains(Tree.text(taint, "key")))
                .toList());
        for (ObjectNode taint : own(node)) {
            wanted.add(had.stream()
                    .filter(old -> isSame(old, taint))
                    .findFirst()
                    .orElseGet(() -> Tree.text(taint, "effect").equals("NoExecute")
                            ? taint.put("timeAdded", Times.toText(now))
                            : taint));
        }
        if (Set.copyOf(had).equals(Set.copyOf(wanted))) {
            return List.of();
        }
        ObjectNode change = Json.object();
        Tree.makeObject(change, "metadata").put("resourceVersion", Meta.resourceVersion(node));
        ArrayNode list = Tree.makeObject(change, "spec").putArray("taints");
        wanted.forEach(taint -> list.add(taint.deepCopy()));
        return List.of(new Write.Patch(Resource.NODES, Meta.key(node), "", change));
    }

    private static List<ObjectNode> own(JsonNode node) {
        List<ObjectNode> out = new ArrayList<>();
        if (Tree.flag(node, "spec", "unschedulable")) {
            out.add(taint(UNSCHEDULABLE, "NoSchedule"));
        }
        if (!Conditions.isTrue(node, "Ready")) {
            boolean silent = Conditions.find(node, "Ready")
                    .filter(condition -> Tree.text(condition, "status").equals("Unknown"))
                    .isPresent();
            String key = silent ? UNREACHABLE : NOT_READY;
            out.add(taint(key, "NoSchedule"));
            out.add(taint(key, "NoExecute"));
        }
        return out;
    }

    private static ObjectNode taint(String key, String effect) {
        return Json.object().put("key", key).put("effect", effect);
    }

    private static boolean isSame(JsonNode left, JsonNode right) {
        return Tree.text(left, "key").equals(Tree.text(right, "key"))
                && Tree.text(left, "effect").equals(Tree.text(right, "effect"));
    }
}
