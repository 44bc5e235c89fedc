package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Names that cannot resolve: an address in the place of a name, or a way that leads back to its begin.
final class ExternalNameCheck {

    private static final String IN_CLUSTER = "svc";

    private final Map<ObjectKey, ObjectNode> services;

    ExternalNameCheck(Map<ObjectKey, ObjectNode> services) {
        this.services = services;
    }

    static boolean applies(ObjectNode service) {
        return Tree.text(service, "spec", "type").equals("ExternalName");
    }

    Optional<Finding> finding(ObjectKey key, ObjectNode service) {
        String target = Tree.text(service, "spec", "externalName");
        return IpAddress.tryParse(target).isPresent() ? Optional.of(address(key, target)) : loop(key);
    }

    private static Finding address(ObjectKey key, String target) {
        return new Finding(
                Code.EXTERNAL_NAME_IS_ADDRESS,
                key,
                "externalName is the address " + target
                        + ", where a name is meant: some DNS servers answer with it, most do not resolve it",
                List.of("spec.externalName: " + target),
                "kubectl patch service " + key.name() + " -n " + key.namespace() + " --type=merge -p "
                        + "'{\"spec\":{\"type\":\"ClusterIP\",\"externalName\":null}}'");
    }

    private Optional<Finding> loop(ObjectKey key) {
        SequencedSet<ObjectKey> way = new LinkedHashSet<>();
        Optional<ObjectKey> next = Optional.of(key);
        while (next.isPresent() && way.add(next.get())) {
            next = next(next.get());
        }
        if (next.filter(key::equals).isEmpty()) {
            return Optional.empty();
        }
        String text = way.stream().map(ObjectKey::toString).collect(Collectors.joining(" -> ")) + " -> " + key;
        return Optional.of(new Finding(
                Code.EXTERNAL_NAME_LEADS_NOWHERE,
                key,
                "externalName leads back to the Service itself, so it does not resolve",
                List.of(text),
                "kubectl edit service " + key.name() + " -n " + key.namespace()));
    }

    /// The ExternalName Service to which one leads: `NAME.NAMESPACE.svc.DOMAIN`, whatever the cluster's domain is.
    private Optional<ObjectKey> next(ObjectKey key) {
        String[] labels = Optional.ofNullable(services.get(key))
                .map(service -> Tree.text(service, "spec", "externalName"))
                .orElse("")
                .split("\\.");
        if (labels.length < 4 || !labels[2].equals(IN_CLUSTER)) {
            return Optional.empty();
        }
        ObjectKey target = new ObjectKey(labels[1], labels[0]);
        return Optional.ofNullable(services.get(target))
                .filter(ExternalNameCheck::applies)
                .map(_ -> target);
    }
}
