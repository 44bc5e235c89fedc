package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Rules of RoleBindings and ClusterRoleBindings (upstream `pkg/apis/rbac/validation`): what is given stays, to whom
/// may
/// change.
///
/// @param namespaced may name a Role of its namespace, and service accounts without saying their namespace
record RoleBindingRules(boolean namespaced) implements KindRules {

    private static final String GROUP = "rbac.authorization.k8s.io";

    @Override
    public List<String> nameErrors(String name) {
        return Names.pathSegment(name);
    }

    @Override
    public void applyDefaults(ObjectNode binding) {
        ObjectNode role = Tree.makeObject(binding, "roleRef");
        if (Tree.text(role, "apiGroup").isEmpty()) {
            role.put("apiGroup", GROUP);
        }
        for (ObjectNode subject : Tree.objects(binding, "subjects")) {
            boolean person = Set.of("User", "Group").contains(Tree.text(subject, "kind"));
            if (person && Tree.text(subject, "apiGroup").isEmpty()) {
                subject.put("apiGroup", GROUP);
            }
        }
    }

    @Override
    public List<Cause> validateCreate(ObjectNode binding) {
        Causes causes = new Causes();
        role(causes, Tree.makeObject(binding, "roleRef"));
        List<ObjectNode> subjects = Tree.objects(binding, "subjects");
        for (int i = 0; i < subjects.size(); i++) {
            subject(causes, "subjects[" + i + "]", subjects.get(i));
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        causes.addAll(validateCreate(now));
        if (!Tree.at(old, "roleRef").equals(Tree.at(now, "roleRef"))) {
            causes.invalid("roleRef", Tree.at(now, "roleRef"), "cannot change roleRef");
        }
        return causes.list();
    }

    private void role(Causes causes, ObjectNode role) {
        group(causes, "roleRef.apiGroup", role, GROUP);
        Set<String> kinds = namespaced ? Set.of("Role", "ClusterRole") : Set.of("ClusterRole");
        if (!kinds.contains(Tree.text(role, "kind"))) {
            causes.unsupported("roleRef.kind", Tree.text(role, "kind"), kinds);
        }
        String name = Tree.text(role, "name");
        if (name.isEmpty()) {
            causes.required("roleRef.name", "");
        } else {
            causes.invalidEach("roleRef.name", name, Names.pathSegment(name));
        }
    }

    private static void group(Causes causes, String field, ObjectNode reference, String wanted) {
        String group = Tree.text(reference, "apiGroup");
        if (!group.equals(wanted)) {
            causes.unsupported(field, group, Set.of(wanted));
        }
    }

    private void subject(Causes causes, String field, ObjectNode subject) {
        String name = Tree.text(subject, "name");
        if (name.isEmpty()) {
            causes.required(field + ".name", "");
        }
        String kind = Tree.text(subject, "kind");
        switch (kind) {
            case "ServiceAccount" -> serviceAccount(causes, field, subject, name);
            case "User", "Group" -> {
                if (name.isEmpty()) {
                    causes.invalid(
                            field + ".name", name, kind.toLowerCase(java.util.Locale.ROOT) + " name cannot be empty");
                }
                group(causes, field + ".apiGroup", subject, GROUP);
            }
            default -> causes.unsupported(field + ".kind", kind, Set.of("ServiceAccount", "User", "Group"));
        }
    }

    private void serviceAccount(Causes causes, String field, ObjectNode subject, String name) {
        if (!name.isEmpty()) {
            causes.invalidEach(field + ".name", name, Names.subdomain(name));
        }
        group(causes, field + ".apiGroup", subject, "");
        if (!namespaced && Tree.text(subject, "namespace").isEmpty()) {
            causes.required(field + ".namespace", "");
        }
    }
}
