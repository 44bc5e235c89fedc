package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Load balancers without an address, or with one for which nobody answers.
final class BalancerCheck {

    private static final String OURS = "fairway.dev/edge";
    private static final int FACTS_SHOWN = 5;

    private BalancerCheck() {}

    static Optional<Finding> pending(ObjectKey key, ObjectNode service) {
        if (!isBalanced(service)
                || !Tree.objects(service, "status", "loadBalancer", "ingress").isEmpty()) {
            return Optional.empty();
        }
        String kind = Tree.text(service, "spec", "loadBalancerClass");
        String asked = Tree.text(service, "spec", "loadBalancerIP");
        List<String> evidence = new ArrayList<>(List.of("status.loadBalancer.ingress is empty"));
        if (!kind.isEmpty()) {
            evidence.add("spec.loadBalancerClass: " + kind);
        }
        if (!asked.isEmpty()) {
            evidence.add("spec.loadBalancerIP: " + asked);
        }
        return Optional.of(new Finding(
                Code.BALANCER_PENDING,
                key,
                "no load balancer has given it an address yet"
                        + (kind.isEmpty() ? "" : "; only one of class \"" + kind + "\" may"),
                evidence,
                asked.isEmpty()
                        ? "kubectl get events -n " + key.namespace() + " --field-selector involvedObject.name="
                                + key.name()
                        : "kubectl patch service " + key.name() + " -n " + key.namespace()
                                + " --type=merge -p '{\"spec\":{\"loadBalancerIP\":null}}'"));
    }

    /// Its address is one that only this machine's edge has, and the edge does not know it.
    static Optional<Finding> unanswered(ObjectKey key, ObjectNode service, Optional<NodeFacts.Edge> edge) {
        if (!isBalanced(service) || edge.isEmpty()) {
            return Optional.empty();
        }
        return Tree.objects(service, "status", "loadBalancer", "ingress").stream()
                .flatMap(entry -> IpAddress.tryParse(Tree.text(entry, "ip")).stream())
                .filter(edge.get()::leavesUnanswered)
                .findFirst()
                .map(address -> unanswered(key, service, address, edge.get()));
    }

    private static Finding unanswered(ObjectKey key, ObjectNode service, IpAddress address, NodeFacts.Edge edge) {
        String kind = Tree.text(service, "spec", "loadBalancerClass");
        List<String> evidence = new ArrayList<>(List.of(
                "status.loadBalancer.ingress: " + address,
                "addresses for which the edge answers (" + edge.namespace() + "): "
                        + (edge.answered().isEmpty()
                                ? "none"
                                : edge.answered().stream()
                                        .sorted()
                                        .limit(FACTS_SHOWN)
                                        .map(IpAddress::toString)
                                        .collect(Collectors.joining(", ")))));
        boolean isOurs = kind.isEmpty() || kind.equals(OURS);
        if (!isOurs) {
            evidence.add("spec.loadBalancerClass: " + kind);
        }
        return new Finding(
                Code.BALANCER_ADDRESS_UNANSWERED,
                key,
                "nobody answers for its load balancer's address " + address
                        + ": from outside every connection waits until it times out",
                evidence,
                isOurs
                        ? "fairway status"
                        : "kubectl patch service " + key.name() + " -n " + key.namespace()
                                + " --subresource=status --type=merge -p '{\"status\":{\"loadBalancer\":null}}'");
    }

    private static boolean isBalanced(ObjectNode service) {
        return Tree.text(service, "spec", "type").equals("LoadBalancer");
    }
}
