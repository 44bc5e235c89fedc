package dev.fairway.api.security;

import dev.fairway.api.security.node.NodeAuthorizer;
import dev.fairway.api.security.rbac.PolicyRule;
import dev.fairway.api.security.rbac.RbacIndex;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Details;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Decides what a user may do, for clients over HTTP and for the parts of this process alike: `system:masters` may do
/// everything, nodes what their pods need, everybody what roles grant.
public final class Authorizer {

    private final RbacIndex rbac;
    private final NodeAuthorizer nodes;

    public Authorizer(RbacIndex rbac, NodeAuthorizer nodes) {
        this.rbac = rbac;
        this.nodes = nodes;
    }

    public Verdict decide(User user, Access access) {
        if (user.isIn(User.MASTERS)) {
            return Verdict.allow("");
        }
        Verdict node = nodes.decide(user, access);
        if (node.allowed()) {
            return node;
        }
        Verdict role = rbac.decide(user, access);
        return role.allowed() ? role : node;
    }

    /// @throws ApiException in the words clients know, when the user may not
    public void require(User user, Access access) {
        Verdict verdict = decide(user, access);
        if (verdict.allowed()) {
            return;
        }
        if (user.isAnonymous()) {
            throw new ApiException(401, "Unauthorized", "Unauthorized");
        }
        throw refusal(user, access, verdict.reason());
    }

    /// All that is granted to the user in a namespace and cluster-wide; `system:masters` have every right.
    public List<PolicyRule> rules(User user, String namespace) {
        Set<PolicyRule> rules = new LinkedHashSet<>();
        if (user.isIn(User.MASTERS)) {
            rules.add(PolicyRule.EVERYTHING);
            rules.add(PolicyRule.EVERY_PATH);
        }
        rules.addAll(nodes.rules(user));
        rules.addAll(rbac.rules(user, namespace));
        return List.copyOf(rules);
    }

    /// Whether some of the user's rights hold only for certain objects that the rules do not name.
    public boolean isNarrowed(User user) {
        return !nodes.rules(user).isEmpty();
    }

    private static ApiException refusal(User user, Access access, String reason) {
        String because = reason.isEmpty() ? "" : ": " + reason;
        return switch (access) {
            case Access.ToPath _ ->
                new ApiException(403, "Forbidden", "forbidden: " + sentence(user, access) + because);
            case Access.ToResource to -> {
                String kind = to.group().isEmpty() ? to.plural() : to.plural() + "." + to.group();
                String what = kind + (to.name().isEmpty() ? "" : " \"" + to.name() + "\"");
                String text = what + " is forbidden: " + sentence(user, access) + because;
                Details about = new Details(to.group(), to.plural(), to.name(), "", List.of(), 0);
                yield new ApiException(403, "Forbidden", text, about);
            }
        };
    }

    /// `User "x" cannot get resource "pods" in API group "" in the namespace "default"`.
    static String sentence(User user, Access access) {
        String who = "User \"" + user.name() + "\" cannot " + access.verb();
        return switch (access) {
            case Access.ToPath path -> who + " path \"" + path.path() + "\"";
            case Access.ToResource to -> {
                String where = to.namespace().isEmpty()
                        ? "at the cluster scope"
                        : "in the namespace \"" + to.namespace() + "\"";
                yield who + " resource \"" + to.path() + "\" in API group \"" + to.group() + "\" " + where;
            }
        };
    }
}
