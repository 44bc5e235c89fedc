package dev.fairway.api.security.token;

import dev.fairway.api.security.token.TokenClaims.Bound;
import dev.fairway.api.security.token.TokenClaims.Ref;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Whether a signed token still counts: its time has come and is not over, and what it is bound to still stands.
record TokenCheck(ObjectLookup objects, Instant now) {

    /// Clocks differ, and objects that are being deleted may still say goodbye (upstream's leeway).
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    boolean holds(TokenClaims claims) {
        boolean timely =
                !now.plus(LEEWAY).isBefore(claims.issued()) && now.minus(LEEWAY).isBefore(claims.expires());
        return timely
                && stands(Resource.SERVICE_ACCOUNTS, claims.namespace(), claims.account())
                && claims.bound()
                        .map(bound -> stands(claims.namespace(), bound))
                        .orElse(true);
    }

    private boolean stands(String namespace, Bound bound) {
        return switch (bound.claim()) {
            case "pod" -> stands(Resource.PODS, namespace, bound.ref());
            case "secret" -> stands(Resource.SECRETS, namespace, bound.ref());
            default -> stands(Resource.NODES, "", bound.ref());
        };
    }

    private boolean stands(Resource resource, String namespace, Ref ref) {
        Optional<ObjectNode> found = objects.find(resource, namespace, ref.name());
        return found.isPresent() && Meta.uid(found.get()).equals(ref.uid()) && !isOver(found.get());
    }

    private boolean isOver(ObjectNode object) {
        String deleted = Tree.text(object, "metadata", "deletionTimestamp");
        return !deleted.isEmpty() && Instant.parse(deleted).isBefore(now.minus(LEEWAY));
    }
}
