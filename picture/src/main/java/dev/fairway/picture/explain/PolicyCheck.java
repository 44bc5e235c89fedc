package dev.fairway.picture.explain;

import dev.fairway.picture.Conditions;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Nodes on which a policy `Local` finds no endpoint: what comes to them is dropped there, on purpose.
final class PolicyCheck {

    private static final String LOCAL = "Local";

    private final ObjectKey key;
    private final ObjectNode service;
    private final List<String> without;

    /// @param pods those behind the Service
    PolicyCheck(ObjectKey key, ObjectNode service, List<ObjectNode> pods, List<ObjectNode> nodes) {
        this.key = key;
        this.service = service;
        Set<String> with = new TreeSet<>();
        pods.stream().filter(ReadinessCheck::isReady).forEach(pod -> with.add(Tree.text(pod, "spec", "nodeName")));
        this.without = nodes.stream()
                .filter(node -> Conditions.isTrue(node, "Ready"))
                .map(Meta::name)
                .filter(name -> !with.contains(name))
                .sorted()
                .toList();
    }

    List<Finding> findings() {
        List<Finding> out = new ArrayList<>();
        if (!without.isEmpty()) {
            external().ifPresent(out::add);
            internal().ifPresent(out::add);
        }
        return out;
    }

    /// In front of a LoadBalancer somebody asks the health check port and leaves such nodes out.
    private Optional<Finding> external() {
        boolean open = Tree.text(service, "spec", "type").equals("NodePort");
        return open && Tree.text(service, "spec", "externalTrafficPolicy").equals(LOCAL)
                ? Optional.of(finding(
                        Code.NO_LOCAL_ENDPOINT_FOR_OUTSIDE,
                        "its node port gets no answer on " + String.join(", ", without)
                                + ": the policy keeps traffic on its node, and no ready pod is there",
                        "externalTrafficPolicy"))
                : Optional.empty();
    }

    private Optional<Finding> internal() {
        return Tree.text(service, "spec", "internalTrafficPolicy").equals(LOCAL)
                ? Optional.of(finding(
                        Code.NO_LOCAL_ENDPOINT_FOR_PODS,
                        "pods on " + String.join(", ", without)
                                + " do not reach it: the policy keeps traffic on its node, and no ready pod is there",
                        "internalTrafficPolicy"))
                : Optional.empty();
    }

    private Finding finding(Code code, String sentence, String field) {
        return new Finding(
                code,
                key,
                sentence,
                List.of(
                        "spec." + field + ": " + LOCAL,
                        "nodes without a ready pod of it: " + String.join(", ", without)),
                "kubectl patch service " + key.name() + " -n " + key.namespace() + " --type=merge -p '{\"spec\":{\""
                        + field + "\":\"Cluster\"}}'");
    }
}
