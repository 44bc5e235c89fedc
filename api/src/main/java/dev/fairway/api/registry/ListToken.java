package dev.fairway.api.registry;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/// The `continue` token: where the next page starts and which state it belongs to. Clients treat it as opaque; it has
/// the fields of upstream's.
///
/// @param revision the state of the first page; `NEWEST` to go on in the state of now
/// @param after the last key of the page before, without the prefix that the request names
record ListToken(long revision, String after) {

    static final long NEWEST = -1;

    private static final String VERSION = "meta.k8s.io/v1";
    private static final String INVALID = "continue key is not valid";

    /// Upstream's tokens name the first key that may follow: the last one and a zero character.
    private static final String NEXT = "\0";

    static ListToken parse(String text) {
        ObjectNode tree = decode(text);
        if (!Tree.text(tree, "v").equals(VERSION)) {
            throw invalid(
                    INVALID + ": server does not recognize this encoded version \"" + Tree.text(tree, "v") + "\"");
        }
        long revision = Tree.number(tree, 0, "rv");
        if (revision == 0 || revision < NEWEST) {
            throw invalid(INVALID + ": incorrect encoded start resourceVersion (version " + VERSION + ")");
        }
        String start = Tree.text(tree, "start");
        if (start.isEmpty()) {
            throw invalid(INVALID + ": encoded start key empty (version " + VERSION + ")");
        }
        return new ListToken(revision, start.endsWith(NEXT) ? start.substring(0, start.length() - 1) : start);
    }

    private static ObjectNode decode(String text) {
        try {
            return Json.parse(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw invalid(INVALID + ": " + e.getMessage());
        }
    }

    private static RuntimeException invalid(String why) {
        return Refusal.badRequest("invalid continue token: " + why);
    }

    /// The token for the same place in the state of now.
    ListToken inconsistent() {
        return new ListToken(NEWEST, after);
    }

    String toText() {
        byte[] json =
                Json.toBytes(Json.object().put("v", VERSION).put("rv", revision).put("start", after + NEXT));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }
}
