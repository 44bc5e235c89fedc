package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A memory for clients that cannot do what it is asked for: nothing keeps it, or the addresses that it goes by are
/// not those of the clients.
final class AffinityCheck {

    private AffinityCheck() {}

    /// @param pods those behind the Service
    static Optional<Finding> finding(ObjectKey key, ObjectNode service, List<ObjectNode> pods) {
        if (!Tree.text(service, "spec", "sessionAffinity").equals("ClientIP")
                || pods.stream().filter(ReadinessCheck::isReady).count() < 2) {
            return Optional.empty();
        }
        if (Tree.text(service, "spec", "clusterIP").equals("None")) {
            return Optional.of(headless(key));
        }
        boolean balanced = Tree.text(service, "spec", "type").equals("LoadBalancer")
                && !Tree.text(service, "spec", "externalTrafficPolicy").equals("Local");
        return balanced ? Optional.of(balanced(key)) : Optional.empty();
    }

    private static Finding headless(ObjectKey key) {
        return new Finding(
                Code.AFFINITY_WITHOUT_EFFECT,
                key,
                "it is headless, so nothing keeps a client at its pod: its name leads to all of them",
                List.of("spec.clusterIP: None", "spec.sessionAffinity: ClientIP"),
                patch(key, "sessionAffinity", "None"));
    }

    private static Finding balanced(ObjectKey key) {
        return new Finding(
                Code.AFFINITY_BY_NODE,
                key,
                "each node remembers clients for itself, by the address that comes from the load balancer: a client"
                        + " that comes over another node may get another pod, and clients behind one address share one",
                List.of(
                        "spec.type: LoadBalancer",
                        "spec.sessionAffinity: ClientIP",
                        "spec.externalTrafficPolicy: Cluster"),
                patch(key, "externalTrafficPolicy", "Local"));
    }

    private static String patch(ObjectKey key, String field, String value) {
        return "kubectl patch service " + key.name() + " -n " + key.namespace() + " --type=merge -p '{\"spec\":{\""
                + field + "\":\"" + value + "\"}}'";
    }
}
