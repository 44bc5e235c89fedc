package dev.fairway.api.security.node;

import dev.fairway.api.security.node.PodReferences.Reference;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Which pods run on which node, and what they refer to. It is told of changes; a node that asks sooner than the news
/// has come is answered from `fresh`. Safe for use by many threads.
public final class NodePods {

    private final Map<String, Map<ObjectKey, Set<Reference>>> byNode = new ConcurrentHashMap<>();
    private volatile Function<String, Stream<ObjectNode>> fresh = node -> Stream.empty();

    /// @param pods the pods of a node as the store has them: slow, and asked only in doubt
    public void readFrom(Function<String, Stream<ObjectNode>> pods) {
        fresh = pods;
    }

    /// A pod came, changed or went.
    public void changed(ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        String was = before.map(NodePods::node).orElse("");
        String is = now.map(NodePods::node).orElse("");
        if (!was.isEmpty() && !was.equals(is)) {
            byNode.computeIfPresent(was, (node, pods) -> {
                pods.remove(key);
                return pods.isEmpty() ? null : pods;
            });
        }
        if (!is.isEmpty()) {
            byNode.compute(is, (node, pods) -> {
                Map<ObjectKey, Set<Reference>> held = pods == null ? new ConcurrentHashMap<>() : pods;
                held.put(key, PodReferences.of(now.orElseThrow()));
                return held;
            });
        }
    }

    private static String node(ObjectNode pod) {
        return Tree.text(pod, "spec", "nodeName");
    }

    boolean runs(String node, ObjectKey pod) {
        return byNode.getOrDefault(node, Map.of()).containsKey(pod)
                || fresh.apply(node).anyMatch(each -> Meta.key(each).equals(pod));
    }

    boolean needs(String node, Reference reference) {
        return byNode.getOrDefault(node, Map.of()).values().stream().anyMatch(held -> held.contains(reference))
                || fresh.apply(node).anyMatch(each -> PodReferences.of(each).contains(reference));
    }
}
