package dev.fairway.api.security.node;

import dev.fairway.api.security.Access;
import dev.fairway.api.security.User;
import dev.fairway.api.security.Verdict;
import dev.fairway.api.security.node.PodReferences.Reference;
import dev.fairway.api.security.rbac.PolicyRule;
import dev.fairway.schema.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the credential of a node may do: the rules of the role `system:node`, and of objects that are not for every
/// node only those that its own pods refer to (upstream's Node authorizer, KEP-4601 for reads of pods and nodes).
public final class NodeAuthorizer {

    private static final Set<String> REFERRED = Set.of("secrets", "configmaps", "serviceaccounts");
    private static final String LEASE_NAMESPACE = "kube-node-lease";

    private final List<PolicyRule> rules;
    private final NodePods pods;

    public NodeAuthorizer(List<PolicyRule> rules, NodePods pods) {
        this.rules = List.copyOf(rules);
        this.pods = pods;
    }

    /// The name of the node that the user is; empty for anybody else. The group alone makes no node.
    public static Optional<String> nodeOf(User user) {
        return user.isIn(User.NODES) && user.name().startsWith(User.NODE_PREFIX)
                ? Optional.of(user.name().substring(User.NODE_PREFIX.length()))
                : Optional.empty();
    }

    public Verdict decide(User user, Access access) {
        Optional<String> node = nodeOf(user);
        if (node.isEmpty() || !(access instanceof Access.ToResource to)) {
            return Verdict.NONE;
        }
        if (rules.stream().noneMatch(rule -> rule.allows(to))) {
            return Verdict.NONE;
        }
        return narrowed(node.get(), to);
    }

    /// What the rules grant before they are narrowed.
    public List<PolicyRule> rules(User user) {
        return nodeOf(user).isPresent() ? rules : List.of();
    }

    private Verdict narrowed(String node, Access.ToResource to) {
        if (to.group().isEmpty() && REFERRED.contains(to.plural())) {
            return referred(node, to);
        }
        return switch (to.plural()) {
            case "leases" -> lease(node, to);
            case "pods" -> pod(node, to);
            case "nodes" -> node(node, to);
            default -> Verdict.allow("");
        };
    }

    private Verdict referred(String node, Access.ToResource to) {
        if (to.name().isEmpty()) {
            return Verdict.refuse("No Object name found");
        }
        if (pods.needs(node, new Reference(to.plural(), to.namespace(), to.name()))) {
            return Verdict.allow("");
        }
        return noRelation(node, to.namespace() + "/" + to.name());
    }

    private static Verdict noRelation(String node, String object) {
        return Verdict.refuse("no relationship found between node '" + node + "' and this object (" + object + ")");
    }

    private static Verdict lease(String node, Access.ToResource to) {
        if (!to.namespace().equals(LEASE_NAMESPACE)) {
            return Verdict.refuse("can only access leases in the \"" + LEASE_NAMESPACE + "\" system namespace");
        }
        boolean own = to.name().equals(node)
                || (to.verb().equals("create") && to.name().isEmpty());
        return own
                ? Verdict.allow("")
                : Verdict.refuse("can only access node lease with the same name as the requesting node");
    }

    /// Only its own pods may be read. What may be written of them is NodeRestriction's matter.
    private Verdict pod(String node, Access.ToResource to) {
        if (!to.subresource().isEmpty() || !isRead(to.verb())) {
            return Verdict.allow("");
        }
        if (to.selected("spec.nodeName").equals(node)) {
            return Verdict.allow("");
        }
        if (to.name().isEmpty()) {
            return Verdict.refuse("can only list/watch pods with spec.nodeName field selector");
        }
        return pods.runs(node, new ObjectKey(to.namespace(), to.name()))
                ? Verdict.allow("")
                : noRelation(node, to.namespace() + "/" + to.name());
    }

    private static Verdict node(String node, Access.ToResource to) {
        boolean own = to.name().equals(node) || to.verb().equals("create");
        return own
                ? Verdict.allow("")
                : Verdict.refuse("node '" + node + "' cannot read '" + to.name() + "', only its own Node object");
    }

    private static boolean isRead(String verb) {
        return verb.equals("get") || verb.equals("list") || verb.equals("watch");
    }
}
