package dev.fairway.picture.explain;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Pods that use the load balancer's address and are in none of the ranges that may.
final class SourceRangeCheck {

    private final List<Cidr> ranges;
    private final Set<IpAddress> balancer;

    private SourceRangeCheck(ObjectNode service) {
        ranges = Tree.texts(service, "spec", "loadBalancerSourceRanges").stream()
                .flatMap(text -> Cidr.lenient(text.trim()).stream())
                .toList();
        balancer = Tree.objects(service, "status", "loadBalancer", "ingress").stream()
                .flatMap(entry -> IpAddress.tryParse(Tree.text(entry, "ip")).stream())
                .collect(Collectors.toSet());
    }

    /// @param callers those who are told to talk to it
    static Optional<Finding> finding(ObjectKey key, ObjectNode service, List<Caller> callers) {
        SourceRangeCheck check = new SourceRangeCheck(service);
        List<Caller> out = callers.stream().filter(check::isExcluded).toList();
        if (!Tree.text(service, "spec", "type").equals("LoadBalancer") || out.isEmpty()) {
            return Optional.empty();
        }
        Caller first = out.getFirst();
        List<String> evidence = new ArrayList<>(List.of(
                "spec.loadBalancerSourceRanges: "
                        + check.ranges.stream().map(Cidr::toString).collect(Collectors.joining(", ")),
                "address of pod " + first.podName() + ": " + Tree.text(first.pod(), "status", "podIP")));
        evidence.addAll(Caller.facts(out));
        return Optional.of(new Finding(
                Code.SOURCE_EXCLUDED,
                key,
                "pod " + first.podName() + " is told to use the load balancer's address "
                        + first.dial().host() + ", and loadBalancerSourceRanges do not let it",
                evidence,
                "kubectl get service " + key.name() + " -n " + key.namespace()
                        + " -o jsonpath='{.spec.loadBalancerSourceRanges}'"));
    }

    /// A family without a range is open to all, and a pod on the host's network comes from the node.
    private boolean isExcluded(Caller caller) {
        Optional<IpAddress> dialed = IpAddress.tryParse(caller.dial().host()).filter(balancer::contains);
        if (dialed.isEmpty() || Tree.flag(caller.pod(), "spec", "hostNetwork")) {
            return false;
        }
        List<Cidr> sameFamily = ranges.stream()
                .filter(range -> range.family() == dialed.get().family())
                .toList();
        List<IpAddress> from = Tree.objects(caller.pod(), "status", "podIPs").stream()
                .flatMap(entry -> IpAddress.tryParse(Tree.text(entry, "ip")).stream())
                .filter(address -> address.family() == dialed.get().family())
                .toList();
        return !sameFamily.isEmpty()
                && !from.isEmpty()
                && from.stream().noneMatch(address -> sameFamily.stream().anyMatch(range -> range.contains(address)));
    }
}
