package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Rules of Roles and ClusterRoles (upstream `pkg/apis/rbac/validation`).
///
/// @param namespaced a role of a namespace says nothing about other paths than those of objects
record RoleRules(boolean namespaced) implements KindRules {

    /// Names such as `system:node` are usual.
    @Override
    public List<String> nameErrors(String name) {
        return Names.pathSegment(name);
    }

    @Override
    public List<Cause> validateCreate(ObjectNode role) {
        Causes causes = new Causes();
        List<ObjectNode> rules = Tree.objects(role, "rules");
        for (int i = 0; i < rules.size(); i++) {
            rule(causes, "rules[" + i + "]", rules.get(i));
        }
        if (Tree.has(role, "aggregationRule")) {
            aggregation(causes, Tree.objects(role, "aggregationRule", "clusterRoleSelectors"));
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        return validateCreate(now);
    }

    private void rule(Causes causes, String field, ObjectNode rule) {
        if (Tree.texts(rule, "verbs").isEmpty()) {
            causes.required(field + ".verbs", "verbs must contain at least one value");
        }
        List<String> groups = Tree.texts(rule, "apiGroups");
        List<String> resources = Tree.texts(rule, "resources");
        List<String> names = Tree.texts(rule, "resourceNames");
        List<String> urls = Tree.texts(rule, "nonResourceURLs");
        if (!urls.isEmpty()) {
            urls(causes, field + ".nonResourceURLs", urls, groups.isEmpty() && resources.isEmpty() && names.isEmpty());
            return;
        }
        if (groups.isEmpty()) {
            causes.required(field + ".apiGroups", "resource rules must supply at least one api group");
        }
        if (resources.isEmpty()) {
            causes.required(field + ".resources", "resource rules must supply at least one resource");
        }
        if (!names.isEmpty() && resources.size() > 1) {
            causes.required(field + ".resourceNames", "resource names cannot apply to multiple resources");
        }
    }

    private void urls(Causes causes, String field, List<String> urls, boolean alone) {
        if (namespaced) {
            causes.invalid(field, urls, "namespaced rules cannot apply to non-resource URLs");
        }
        if (!alone) {
            causes.invalid(field, urls, "rules cannot apply to both regular resources and non-resource URLs");
        }
    }

    private static void aggregation(Causes causes, List<ObjectNode> selectors) {
        String field = "aggregationRule.clusterRoleSelectors";
        if (selectors.isEmpty()) {
            causes.required(field, "at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
        for (int i = 0; i < selectors.size(); i++) {
            SelectorValidation.selector(causes, field + "[" + i + "]", selectors.get(i));
        }
    }
}
