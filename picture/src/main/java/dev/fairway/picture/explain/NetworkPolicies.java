package dev.fairway.picture.explain;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What NetworkPolicies let through, where somebody enforces them. Of what the objects do not tell it says that it is
/// let through.
final class NetworkPolicies {

    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private final Map<String, List<ObjectNode>> byNamespace;

    /// @param policies of all namespaces
    NetworkPolicies(List<ObjectNode> policies) {
        byNamespace = policies.stream().collect(Collectors.groupingBy(Meta::namespace));
    }

    /// Those that let in to the pod, or out of it, only what their rules name; without one everything is let through.
    ///
    /// @param direction `Ingress` or `Egress`
    List<ObjectNode> isolating(ObjectNode pod, String direction) {
        if (Tree.flag(pod, "spec", "hostNetwork")) {
            return List.of();
        }
        return byNamespace.getOrDefault(Meta.namespace(pod), List.of()).stream()
                .filter(policy -> isAbout(policy, direction) && chooses(policy, pod))
                .toList();
    }

    /// An absent selector is the empty one here.
    private static boolean chooses(ObjectNode policy, ObjectNode pod) {
        return !Tree.has(policy, "spec", "podSelector")
                || LabelSelector.ofObject(Tree.at(policy, "spec", "podSelector"))
                        .matchesObject(pod);
    }

    private static boolean isAbout(ObjectNode policy, String direction) {
        List<String> types = Tree.texts(policy, "spec", "policyTypes");
        return types.isEmpty()
                ? direction.equals("Ingress") || Tree.has(policy, "spec", "egress")
                : types.contains(direction);
    }

    /// Whether a rule is about the port of the pod to which a connection goes.
    static boolean isAboutPort(ObjectNode rule, String protocol, long port, ObjectNode pod) {
        List<ObjectNode> ports = Tree.objects(rule, "ports");
        return ports.isEmpty() || ports.stream().anyMatch(entry -> matches(entry, protocol, port, pod));
    }

    private static boolean matches(ObjectNode entry, String protocol, long port, ObjectNode pod) {
        String named = Tree.text(entry, "protocol");
        if (!(named.isEmpty() ? "TCP" : named).equals(protocol)) {
            return false;
        }
        JsonNode wanted = Tree.at(entry, "port");
        if (wanted.isString()) {
            return PortCheck.containers(pod)
                    .flatMap(container -> Tree.objects(container, "ports").stream())
                    .anyMatch(declared -> Tree.text(declared, "name").equals(wanted.stringValue())
                            && Tree.number(declared, 0, "containerPort") == port);
        }
        long first = Tree.number(entry, 0, "port");
        return first == 0 || first <= port && port <= Tree.number(entry, first, "endPort");
    }

    /// Whether a rule's peer may be this pod.
    ///
    /// @param policy whose rule it is
    static boolean mayBe(ObjectNode peer, ObjectNode policy, ObjectNode pod) {
        if (Tree.has(peer, "ipBlock")) {
            return Tree.objects(pod, "status", "podIPs").stream()
                    .flatMap(entry -> IpAddress.tryParse(Tree.text(entry, "ip")).stream())
                    .anyMatch(address -> isIn(peer, address));
        }
        boolean rightNamespace = Tree.has(peer, "namespaceSelector")
                ? mayChoose(Tree.at(peer, "namespaceSelector"), Meta.namespace(pod))
                : Meta.namespace(policy).equals(Meta.namespace(pod));
        return rightNamespace
                && (!Tree.has(peer, "podSelector")
                        || LabelSelector.ofObject(Tree.at(peer, "podSelector")).matchesObject(pod));
    }

    private static boolean isIn(ObjectNode peer, IpAddress address) {
        return contains(Tree.text(peer, "ipBlock", "cidr"), address)
                && Tree.texts(peer, "ipBlock", "except").stream().noneMatch(block -> contains(block, address));
    }

    private static boolean contains(String block, IpAddress address) {
        return Cidr.lenient(block).filter(found -> found.contains(address)).isPresent();
    }

    /// Of a namespace only its name is known, which is one of its labels: every other label it may have.
    static boolean mayChoose(JsonNode selector, String namespace) {
        LabelSelector byName = new LabelSelector(LabelSelector.ofObject(selector).requirements().stream()
                .filter(requirement -> requirement.key().equals(NAMESPACE_NAME))
                .toList());
        return byName.matches(Map.of(NAMESPACE_NAME, namespace));
    }

    static String names(List<ObjectNode> policies) {
        return String.join(
                ", ", policies.stream().map(Meta::name).sorted().distinct().toList());
    }
}
