package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import dev.fairway.api.security.Authorizer;
import dev.fairway.api.security.token.TokenAuthenticator;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Questions that are posted and answered but never stored: who am I, who holds this token, what may they do.
final class ReviewRoutes {

    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String AUTHORIZATION = "authorization.k8s.io";

    static final List<Resource> RESOURCES = List.of(
            review(AUTHENTICATION, "v1", "SelfSubjectReview"),
            review(AUTHENTICATION, "v1beta1", "SelfSubjectReview"),
            review(AUTHENTICATION, "v1alpha1", "SelfSubjectReview"),
            review(AUTHENTICATION, "v1", "TokenReview"),
            new Resource(AUTHORIZATION, "v1", "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
            review(AUTHORIZATION, "v1", "SelfSubjectAccessReview"),
            review(AUTHORIZATION, "v1", "SelfSubjectRulesReview"),
            review(AUTHORIZATION, "v1", "SubjectAccessReview"));

    private final IdentityReviews identities;
    private final AccessReviews accesses;

    ReviewRoutes(Authorizer authorizer, TokenAuthenticator tokens) {
        this.identities = new IdentityReviews(tokens);
        this.accesses = new AccessReviews(authorizer);
    }

    private static Resource review(String group, String version, String kind) {
        return new Resource(group, version, kind.toLowerCase(java.util.Locale.ROOT) + "s", kind, false);
    }

    Optional<Resource> find(Target.Collection target) {
        return RESOURCES.stream()
                .filter(r -> r.plural().equals(target.plural())
                        && r.group().equals(target.group())
                        && r.version().equals(target.version())
                        && r.namespaced() != target.namespace().isEmpty())
                .findFirst();
    }

    Reply answer(Call call, Resource resource, String namespace) {
        if (!call.method().equals("POST")) {
            throw Refusal.methodNotAllowed();
        }
        Form.choose(call.accept(), List.of());
        ObjectNode review = Wire.decode(call, resource.apiVersion(), resource.kind())
                .object()
                .deepCopy();
        review.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        Tree.makeObject(review, "metadata");
        checkNamespace(review, namespace);
        switch (resource.kind()) {
            case "SelfSubjectReview" -> identities.self(call.user(), review);
            case "TokenReview" -> identities.token(review);
            case "SelfSubjectRulesReview" -> accesses.rules(call.user(), review);
            case "SelfSubjectAccessReview" -> accesses.self(call.user(), review);
            default -> accesses.subject(resource, namespace, review);
        }
        return Answers.plain(call, 201, review);
    }

    private static void checkNamespace(ObjectNode review, String namespace) {
        String stated = Meta.namespace(review);
        if (!namespace.isEmpty() && !stated.isEmpty() && !stated.equals(namespace)) {
            throw Refusal.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }
}
