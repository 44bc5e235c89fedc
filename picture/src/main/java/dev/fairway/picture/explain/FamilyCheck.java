package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// A family of addresses that the Service has and none of its pods.
final class FamilyCheck {

    private static final int PODS_SHOWN = 5;

    private FamilyCheck() {}

    /// @param pods those behind the Service
    static Optional<Finding> finding(ObjectKey key, ObjectNode service, List<ObjectNode> pods) {
        List<String> asked = Tree.texts(service, "spec", "ipFamilies");
        Set<String> there = pods.stream()
                .flatMap(pod -> Tree.objects(pod, "status", "podIPs").stream())
                .flatMap(ip -> IpAddress.tryParse(Tree.text(ip, "ip")).stream())
                .map(address -> address.family().apiName())
                .collect(Collectors.toSet());
        return there.isEmpty()
                ? Optional.empty()
                : asked.stream()
                        .filter(family -> !there.contains(family))
                        .findFirst()
                        .map(family -> new Finding(
                                Code.FAMILY_WITHOUT_ENDPOINT,
                                key,
                                "it has an " + family + " address, and none of its pods has one: over " + family
                                        + " every connection is refused",
                                List.of(
                                        "spec.ipFamilies: " + String.join(", ", asked),
                                        "pods with " + String.join(", ", there) + " only: "
                                                + pods.stream()
                                                        .map(Meta::name)
                                                        .sorted()
                                                        .limit(PODS_SHOWN)
                                                        .collect(Collectors.joining(", "))),
                                "kubectl get pods -n " + key.namespace() + " -o custom-columns=NAME:.metadata.name,"
                                        + "IPS:.status.podIPs[*].ip"));
    }
}
