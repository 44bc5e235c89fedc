package dev.fairway.api.security.rbac;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What one binding says about one of its subjects: this subject has that role in this namespace.
///
/// @param binding of a `RoleBinding`, or of a `ClusterRoleBinding` when its namespace is empty
/// @param role namespace empty for a `ClusterRole`
record Grant(ObjectKey binding, Subject subject, ObjectKey role) implements Comparable<Grant> {

    /// Who is meant. ServiceAccounts are users with a name of a known form.
    ///
    /// @param group whether it is the name of a group
    record Subject(boolean group, String name) {}

    static List<Grant> of(ObjectNode binding) {
        ObjectKey key = Meta.key(binding);
        boolean cluster = Tree.text(binding, "roleRef", "kind").equals("ClusterRole");
        ObjectKey role = new ObjectKey(cluster ? "" : key.namespace(), Tree.text(binding, "roleRef", "name"));
        List<Grant> out = new ArrayList<>();
        for (ObjectNode subject : Tree.objects(binding, "subjects")) {
            out.add(new Grant(key, subject(subject, key.namespace()), role));
        }
        return out;
    }

    private static Subject subject(ObjectNode tree, String namespace) {
        String name = Tree.text(tree, "name");
        return switch (Tree.text(tree, "kind")) {
            case "Group" -> new Subject(true, name);
            case "ServiceAccount" -> {
                String stated = Tree.text(tree, "namespace");
                yield new Subject(
                        false, "system:serviceaccount:" + (stated.isEmpty() ? namespace : stated) + ":" + name);
            }
            default -> new Subject(false, name);
        };
    }

    /// The sentence with which an answer says why something is allowed.
    String reason() {
        String which = binding.namespace().isEmpty()
                ? "ClusterRoleBinding \"" + binding.name() + "\""
                : "RoleBinding \"" + binding.name() + "/" + binding.namespace() + "\"";
        String what = (role.namespace().isEmpty() ? "ClusterRole" : "Role") + " \"" + role.name() + "\"";
        return "RBAC: allowed by " + which + " of " + what + " to " + describe();
    }

    private String describe() {
        String[] parts = subject.name.split(":", -1);
        if (!subject.group && parts.length == 4 && subject.name.startsWith("system:serviceaccount:")) {
            return "ServiceAccount \"" + parts[3] + "/" + parts[2] + "\"";
        }
        return (subject.group ? "Group" : "User") + " \"" + subject.name + "\"";
    }

    private static final Comparator<Grant> ORDER =
            Comparator.comparing(Grant::binding, ObjectKey::compareTo).thenComparing(Grant::role, ObjectKey::compareTo);

    @Override
    public int compareTo(Grant other) {
        return ORDER.compare(this, other);
    }
}
