package dev.fairway.api.registry;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/// The `continue` token: where the next page starts and which state it belongs to. Clients treat it as opaque.
///
/// @param revision the state of the first page
/// @param after the last key of the page before
record ListToken(long revision, String after) {

    static ListToken parse(String text) {
        try {
            ObjectNode tree = Json.parse(Base64.getUrlDecoder().decode(text));
            String after = Tree.text(tree, "after");
            long revision = Tree.number(tree, -1, "rv");
            if (after.isEmpty() || revision < 0) {
                throw new IllegalArgumentException("a field is missing");
            }
            return new ListToken(revision, after);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("continue key is not valid: " + e.getMessage());
        }
    }

    String toText() {
        byte[] json = Json.toBytes(Json.object().put("rv", revision).put("after", after));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }
}
