package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import dev.fairway.api.security.Access;
import dev.fairway.api.security.Authorizer;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Questions that are posted and answered but never stored: who am I, what may I do.
final class ReviewRoutes {

    static final List<Resource> RESOURCES = List.of(
            review("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
            review("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
            review("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"));

    private final Authorizer authorizer;

    ReviewRoutes(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    private static Resource review(String group, String plural, String kind) {
        return new Resource(group, "v1", plural, kind, false);
    }

    boolean has(String group, String version, String plural) {
        return RESOURCES.stream()
                .anyMatch(r -> r.plural().equals(plural)
                        && r.group().equals(group)
                        && r.version().equals(version));
    }

    Reply answer(Call call, String plural) {
        if (!call.method().equals("POST")) {
            throw Refusal.methodNotAllowed();
        }
        Form.choose(call.accept(), List.of());
        Resource resource = RESOURCES.stream()
                .filter(r -> r.plural().equals(plural))
                .findFirst()
                .orElseThrow(Refusal::noSuchPath);
        ObjectNode review = Wire.decode(call, resource.apiVersion(), resource.kind())
                .object()
                .deepCopy();
        review.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        switch (plural) {
            case "selfsubjectreviews" -> self(call, review.putObject("status"));
            case "selfsubjectaccessreviews" -> access(call, review, review.putObject("status"));
            default -> rules(call, review.putObject("status"));
        }
        return Answers.plain(call, 201, review);
    }

    private static void self(Call call, ObjectNode status) {
        ObjectNode user =
                status.putObject("userInfo").put("username", call.user().name());
        ArrayNode groups = user.putArray("groups");
        call.user().groups().forEach(groups::add);
    }

    private void access(Call call, ObjectNode review, ObjectNode status) {
        Access asked = Tree.has(review, "spec", "resourceAttributes") ? toResource(review) : toPath(review);
        boolean allowed = authorizer.allows(call.user(), asked);
        status.put("allowed", allowed);
        if (!allowed) {
            status.put("reason", Authorizer.refusal(call.user(), asked));
        }
    }

    private static Access toPath(ObjectNode review) {
        return new Access.ToPath(
                Tree.text(review, "spec", "nonResourceAttributes", "verb"),
                Tree.text(review, "spec", "nonResourceAttributes", "path"));
    }

    private static Access toResource(ObjectNode review) {
        ObjectNode spec = Tree.makeObject(review, "spec", "resourceAttributes");
        return new Access.ToResource(
                Tree.text(spec, "verb"),
                Tree.text(spec, "group"),
                Tree.text(spec, "resource"),
                Tree.text(spec, "subresource"),
                Tree.text(spec, "namespace"),
                Tree.text(spec, "name"));
    }

    private void rules(Call call, ObjectNode status) {
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        Access everything = new Access.ToResource("*", "*", "*", "", "", "");
        if (authorizer.allows(call.user(), everything)) {
            ObjectNode rule = resources.addObject();
            List.of("verbs", "apiGroups", "resources")
                    .forEach(field -> rule.putArray(field).add("*"));
            ObjectNode path = paths.addObject();
            List.of("verbs", "nonResourceURLs")
                    .forEach(field -> path.putArray(field).add("*"));
        }
        status.put("incomplete", false);
    }
}
