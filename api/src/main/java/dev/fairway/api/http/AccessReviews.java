package dev.fairway.api.http;

import dev.fairway.api.kind.Causes;
import dev.fairway.api.security.Access;
import dev.fairway.api.security.Authorizer;
import dev.fairway.api.security.User;
import dev.fairway.api.security.Verdict;
import dev.fairway.api.security.rbac.PolicyRule;
import dev.fairway.schema.FieldSelector;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What somebody may do: the reviews of group `authorization.k8s.io`.
final class AccessReviews {

    private static final String ONE_OF = "exactly one of nonResourceAttributes or resourceAttributes must be specified";

    private final Authorizer authorizer;

    AccessReviews(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    void self(User user, ObjectNode review) {
        Causes causes = new Causes();
        checkAttributes(causes, review);
        refuse(causes, new Resource("authorization.k8s.io", "v1", "", "SelfSubjectAccessReview", false));
        decide(user, review);
    }

    /// @param namespace empty for a review of the whole cluster
    void subject(Resource resource, String namespace, ObjectNode review) {
        Causes causes = new Causes();
        checkAttributes(causes, review);
        String name = Tree.text(review, "spec", "user");
        List<String> groups = Tree.texts(review, "spec", "groups");
        if (name.isEmpty() && groups.isEmpty()) {
            causes.required("spec.user", "at least one of user or group must be specified");
        }
        checkNamespace(causes, namespace, review);
        refuse(causes, resource);
        var extra = new TreeMap<String, List<String>>();
        Tree.at(review, "spec", "extra")
                .properties()
                .forEach(entry -> extra.put(entry.getKey(), Tree.texts(entry.getValue())));
        decide(new User(name, Tree.text(review, "spec", "uid"), groups, extra), review);
    }

    private static void checkAttributes(Causes causes, ObjectNode review) {
        boolean resource = Tree.has(review, "spec", "resourceAttributes");
        boolean path = Tree.has(review, "spec", "nonResourceAttributes");
        if (resource && path) {
            causes.invalid("spec.nonResourceAttributes", Tree.at(review, "spec", "nonResourceAttributes"), ONE_OF);
        } else if (!resource && !path) {
            causes.invalid("spec.resourceAttributes", "null", ONE_OF);
        }
    }

    private static void checkNamespace(Causes causes, String namespace, ObjectNode review) {
        String asked = Tree.text(review, "spec", "resourceAttributes", "namespace");
        if (namespace.isEmpty()) {
            return;
        }
        if (Tree.has(review, "spec", "nonResourceAttributes")) {
            causes.invalid(
                    "spec.nonResourceAttributes",
                    Tree.at(review, "spec", "nonResourceAttributes"),
                    "disallowed on this kind of request");
        } else if (!asked.equals(namespace)) {
            causes.invalid("spec.resourceAttributes.namespace", asked, "must match metadata.namespace");
        }
    }

    private static void refuse(Causes causes, Resource resource) {
        if (!causes.list().isEmpty()) {
            throw Causes.refusal(resource, "", causes.list());
        }
    }

    private void decide(User user, ObjectNode review) {
        ObjectNode status = review.putObject("status");
        Verdict verdict = authorizer.decide(user, access(review));
        status.put("allowed", verdict.allowed());
        if (!verdict.reason().isEmpty()) {
            status.put("reason", verdict.reason());
        }
    }

    private static Access access(ObjectNode review) {
        if (!Tree.has(review, "spec", "resourceAttributes")) {
            ObjectNode path = Tree.makeObject(review, "spec", "nonResourceAttributes");
            return new Access.ToPath(Tree.text(path, "verb"), Tree.text(path, "path"));
        }
        ObjectNode spec = Tree.makeObject(review, "spec", "resourceAttributes");
        return new Access.ToResource(
                Tree.text(spec, "verb"),
                Tree.text(spec, "group"),
                Tree.text(spec, "resource"),
                Tree.text(spec, "subresource"),
                Tree.text(spec, "namespace"),
                Tree.text(spec, "name"),
                fields(spec));
    }

    private static FieldSelector fields(ObjectNode spec) {
        List<FieldSelector.Term> terms = Tree.objects(spec, "fieldSelector", "requirements").stream()
                .filter(each -> Tree.text(each, "operator").equals("In")
                        && Tree.texts(each, "values").size() == 1)
                .map(each -> new FieldSelector.Term(
                        Tree.text(each, "key"), true, Tree.texts(each, "values").getFirst()))
                .toList();
        return new FieldSelector(terms);
    }

    /// What `kubectl auth can-i --list` shows.
    void rules(User user, ObjectNode review) {
        String namespace = Tree.text(review, "spec", "namespace");
        ObjectNode status = review.putObject("status");
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        for (PolicyRule rule : authorizer.rules(user, namespace)) {
            (rule.paths().isEmpty() ? resources : paths).add(rule.toTree());
        }
        status.put("incomplete", authorizer.isNarrowed(user));
        if (authorizer.isNarrowed(user)) {
            status.put("evaluationError", "the rights of a node are narrowed further to what its own pods need");
        }
    }
}
