package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Pods whose own table of hosts gives a Service's name another address, so that they never ask DNS for it.
final class HostAliasCheck {

    private static final int FACTS_SHOWN = 5;

    private final Names names;
    private final List<ObjectNode> pods;

    /// @param pods of all namespaces
    HostAliasCheck(Names names, Collection<ObjectNode> pods) {
        this.names = names;
        this.pods = pods.stream()
                .filter(pod -> Tree.has(pod, "spec", "hostAliases"))
                .toList();
    }

    /// @param behind the pods behind the Service
    Optional<Finding> finding(ObjectKey key, ObjectNode service, List<ObjectNode> behind) {
        Set<IpAddress> own = new HashSet<>(Names.addresses(service));
        behind.stream()
                .flatMap(pod -> Tree.objects(pod, "status", "podIPs").stream())
                .flatMap(entry -> IpAddress.tryParse(Tree.text(entry, "ip")).stream())
                .forEach(own::add);
        List<String> facts = new ArrayList<>();
        pods.stream()
                .filter(pod -> !isBehind(service, pod))
                .flatMap(pod -> aliases(key, pod, own))
                .forEach(facts::add);
        if (own.isEmpty() || facts.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                Code.NAME_SHADOWED,
                key,
                "some pods do not ask DNS for its name: their hostAliases give it an address that is not the Service's",
                facts.stream().limit(FACTS_SHOWN).toList(),
                "kubectl get pods -A -o custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,"
                        + "ALIASES:.spec.hostAliases"));
    }

    /// Pods of the Service may know themselves by its name.
    private static boolean isBehind(ObjectNode service, ObjectNode pod) {
        Map<String, String> selector = Tree.textMap(service, "spec", "selector");
        return Meta.namespace(pod).equals(Meta.namespace(service))
                && !selector.isEmpty()
                && LabelSelector.ofMap(selector).matchesObject(pod);
    }

    private Stream<String> aliases(ObjectKey key, ObjectNode pod, Set<IpAddress> own) {
        return Tree.objects(pod, "spec", "hostAliases").stream()
                .filter(alias -> IpAddress.tryParse(Tree.text(alias, "ip"))
                        .filter(own::contains)
                        .isEmpty())
                .flatMap(alias -> Tree.texts(alias, "hostnames").stream()
                        .filter(host -> names.service(host, Meta.namespace(pod))
                                .filter(key::equals)
                                .isPresent())
                        .map(host -> "pod " + Meta.key(pod) + ", hostAliases: " + Tree.text(alias, "ip") + " " + host));
    }
}
