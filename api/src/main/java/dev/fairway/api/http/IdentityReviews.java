package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import dev.fairway.api.security.User;
import dev.fairway.api.security.token.ServiceAccountTokens.Verified;
import dev.fairway.api.security.token.TokenAuthenticator;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who somebody is: `SelfSubjectReview` and `TokenReview`.
final class IdentityReviews {

    private final TokenAuthenticator tokens;

    IdentityReviews(TokenAuthenticator tokens) {
        this.tokens = tokens;
    }

    void self(User user, ObjectNode review) {
        describe(user, review.putObject("status").putObject("userInfo"));
    }

    /// The token does not go back: it has no business in logs of answers.
    void token(ObjectNode review) {
        String token = Tree.text(review, "spec", "token");
        if (token.isEmpty()) {
            throw Refusal.badRequest("token is required for TokenReview in authentication");
        }
        List<String> audiences = Tree.texts(review, "spec", "audiences");
        Optional<Verified> holder = tokens.verify(token, audiences);
        ObjectNode status = review.putObject("status");
        if (holder.isEmpty()) {
            status.putObject("user");
            status.put("error", "[invalid bearer token, Token has been invalidated or is not for these audiences]");
            return;
        }
        status.put("authenticated", true);
        describe(holder.get().user(), status.putObject("user"));
        ArrayNode list = status.putArray("audiences");
        holder.get().audiences().forEach(list::add);
    }

    private static void describe(User user, ObjectNode out) {
        out.put("username", user.name());
        if (!user.uid().isEmpty()) {
            out.put("uid", user.uid());
        }
        ArrayNode groups = out.putArray("groups");
        user.groups().forEach(groups::add);
        user.extra().forEach((key, values) -> {
            ArrayNode list = Tree.makeObject(out, "extra").putArray(key);
            values.forEach(list::add);
        });
    }
}
