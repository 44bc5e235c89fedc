package dev.fairway.api.security.token;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a ServiceAccount token says (KEP-1205, KEP-4193). Pure.
///
/// @param issued also the moment from which it counts
/// @param warnAfter when a holder should have taken a new one; empty where that is the end
/// @param id of this very token
record TokenClaims(
        String issuer,
        List<String> audiences,
        String namespace,
        Ref account,
        Optional<Bound> bound,
        Optional<Ref> node,
        Instant issued,
        Instant expires,
        Optional<Instant> warnAfter,
        String id) {

    private static final String PRIVATE = "kubernetes.io";

    TokenClaims {
        audiences = List.copyOf(audiences);
    }

    record Ref(String name, String uid) {}

    /// The object whose end is the token's end.
    ///
    /// @param claim `pod`, `secret` or `node`
    record Bound(String claim, Ref ref) {}

    String subject() {
        return "system:serviceaccount:" + namespace + ":" + account.name();
    }

    ObjectNode toTree() {
        ObjectNode out = Json.object();
        ArrayNode all = out.putArray("aud");
        audiences.forEach(all::add);
        out.put("exp", expires.getEpochSecond())
                .put("iat", issued.getEpochSecond())
                .put("iss", issuer)
                .put("jti", id);
        ObjectNode about = out.putObject(PRIVATE).put("namespace", namespace);
        node.ifPresent(ref -> put(about, "node", ref));
        bound.ifPresent(object -> put(about, object.claim(), object.ref()));
        put(about, "serviceaccount", account);
        warnAfter.ifPresent(time -> about.put("warnafter", time.getEpochSecond()));
        return out.put("nbf", issued.getEpochSecond()).put("sub", subject());
    }

    private static void put(ObjectNode tree, String claim, Ref ref) {
        tree.putObject(claim).put("name", ref.name()).put("uid", ref.uid());
    }

    static TokenClaims of(ObjectNode tree) {
        ObjectNode about = Tree.makeObject(tree.deepCopy(), PRIVATE);
        Optional<Bound> bound = bound(about, "pod").or(() -> bound(about, "secret"));
        Optional<Ref> node = bound(about, "node").map(Bound::ref);
        long warn = Tree.number(about, 0, "warnafter");
        return new TokenClaims(
                Tree.text(tree, "iss"),
                Tree.texts(tree, "aud"),
                Tree.text(about, "namespace"),
                bound(about, "serviceaccount").map(Bound::ref).orElse(new Ref("", "")),
                bound.or(() -> bound(about, "node")),
                node,
                Instant.ofEpochSecond(Tree.number(tree, 0, "nbf")),
                Instant.ofEpochSecond(Tree.number(tree, 0, "exp")),
                warn == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(warn)),
                Tree.text(tree, "jti"));
    }

    private static Optional<Bound> bound(ObjectNode about, String claim) {
        return Tree.has(about, claim)
                ? Optional.of(
                        new Bound(claim, new Ref(Tree.text(about, claim, "name"), Tree.text(about, claim, "uid"))))
                : Optional.empty();
    }
}
