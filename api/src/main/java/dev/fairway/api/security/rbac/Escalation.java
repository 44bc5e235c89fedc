package dev.fairway.api.security.rbac;

import dev.fairway.api.registry.Admission;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.registry.Section;
import dev.fairway.api.security.Access;
import dev.fairway.api.security.Authorizer;
import dev.fairway.api.security.User;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Nobody may grant what they do not have: a role may be written by who has its rights already (or the verb `escalate`
/// on it), a binding by who has the rights of its role (or the verb `bind` on that).
public final class Escalation implements Admission {

    private static final String GROUP = "rbac.authorization.k8s.io";

    private final Authorizer authorizer;
    private final RbacIndex rbac;

    public Escalation(Authorizer authorizer, RbacIndex rbac) {
        this.authorizer = authorizer;
        this.rbac = rbac;
    }

    @Override
    public void admit(Write write) {
        Resource resource = write.kind().resource();
        if (!resource.group().equals(GROUP) || write.isDelete() || write.section() != Section.MAIN) {
            return;
        }
        if (write.user().isIn(User.MASTERS)) {
            return;
        }
        switch (resource.plural()) {
            case "roles", "clusterroles" -> role(write, resource);
            case "rolebindings", "clusterrolebindings" -> binding(write, resource);
            default -> {}
        }
    }

    private void role(Write write, Resource resource) {
        ObjectNode role = write.object();
        if (isUnchanged(write, "rules") && isUnchanged(write, "aggregationRule")) {
            return;
        }
        String namespace = Meta.namespace(role);
        if (may(write.user(), "escalate", resource.plural(), namespace, Meta.name(role))) {
            return;
        }
        if (Tree.has(role, "aggregationRule")
                && !missing(write.user(), "", List.of(PolicyRule.EVERYTHING, PolicyRule.EVERY_PATH))
                        .isEmpty()) {
            throw Refusal.forbidden(
                    resource,
                    Meta.name(role),
                    "must have cluster-admin privileges to use the aggregationRule",
                    List.of());
        }
        refuseMissing(write, resource, missing(write.user(), namespace, PolicyRule.ofRole(role)));
    }

    private void binding(Write write, Resource resource) {
        ObjectNode binding = write.object();
        if (isUnchanged(write, "subjects") && isUnchanged(write, "roleRef")) {
            return;
        }
        boolean cluster = Tree.text(binding, "roleRef", "kind").equals("ClusterRole");
        String name = Tree.text(binding, "roleRef", "name");
        String namespace = Meta.namespace(binding);
        if (may(write.user(), "bind", cluster ? "clusterroles" : "roles", namespace, name)) {
            return;
        }
        Resource role = new Resource(GROUP, "v1", cluster ? "clusterroles" : "roles", "", !cluster);
        List<PolicyRule> granted = rbac.find(new ObjectKey(cluster ? "" : namespace, name))
                .orElseThrow(() -> Refusal.notFound(role, name));
        refuseMissing(write, resource, missing(write.user(), namespace, granted));
    }

    private static boolean isUnchanged(Write write, String field) {
        return write.old()
                .map(old -> Objects.equals(value(old, field), value(write.object(), field)))
                .orElse(false);
    }

    private static JsonNode value(ObjectNode object, String field) {
        return Tree.at(object, field);
    }

    private boolean may(User user, String verb, String plural, String namespace, String name) {
        return authorizer
                .decide(user, new Access.ToResource(verb, GROUP, plural, "", namespace, name))
                .allowed();
    }

    private List<PolicyRule> missing(User user, String namespace, List<PolicyRule> wanted) {
        List<PolicyRule> held = authorizer.rules(user, namespace);
        return wanted.stream()
                .flatMap(rule -> rule.parts().stream())
                .filter(part -> held.stream().noneMatch(mine -> mine.covers(part)))
                .toList();
    }

    private static void refuseMissing(Write write, Resource resource, List<PolicyRule> missing) {
        if (missing.isEmpty()) {
            return;
        }
        String groups = write.user().groups().stream()
                .map(group -> "\"" + group + "\"")
                .collect(Collectors.joining(" ", "[", "]"));
        String text = "user \"" + write.user().name() + "\" (groups=" + groups
                + ") is attempting to grant RBAC permissions not currently held:\n"
                + compact(missing).stream().map(PolicyRule::toText).collect(Collectors.joining("\n"));
        throw Refusal.forbidden(resource, Meta.name(write.object()), text, List.of());
    }

    /// Verbs on the same things in one rule.
    private static List<PolicyRule> compact(List<PolicyRule> parts) {
        List<PolicyRule> out = new ArrayList<>();
        for (PolicyRule part : parts) {
            int at = 0;
            while (at < out.size() && !out.get(at).grantsTheSameOn(part)) {
                at++;
            }
            if (at == out.size()) {
                out.add(part);
            } else {
                List<String> verbs = new ArrayList<>(out.get(at).verbs());
                verbs.addAll(part.verbs());
                out.set(at, new PolicyRule(verbs, part.groups(), part.resources(), part.names(), part.paths()));
            }
        }
        return out;
    }
}
