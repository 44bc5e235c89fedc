package dev.fairway.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.ApiException.Details;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Turns what a server answers besides success into refusals.
final class Refusals {

    private static final int LONGEST_TEXT = 300;

    private Refusals() {}

    /// @param body a `Status` object; a proxy in between may answer anything else
    static ApiException of(int code, byte @Nullable [] body) {
        byte[] bytes = body == null ? new byte[0] : body;
        try {
            JsonNode status = Json.parse(bytes);
            if (Tree.text(status, "kind").equals("Status")) {
                return ofStatus(status, code);
            }
        } catch (IllegalArgumentException e) {
            // Not ours: told as text below.
        }
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        return new ApiException(
                code, "Unknown", "HTTP " + code + ": " + text.substring(0, Math.min(LONGEST_TEXT, text.length())));
    }

    /// @param absent the code when the status names none
    static ApiException ofStatus(JsonNode status, int absent) {
        JsonNode details = Tree.at(status, "details");
        List<Cause> causes = Tree.objects(details, "causes").stream()
                .map(cause ->
                        new Cause(Tree.text(cause, "reason"), Tree.text(cause, "message"), Tree.text(cause, "field")))
                .toList();
        return new ApiException(
                (int) Tree.number(status, absent, "code"),
                Tree.text(status, "reason"),
                Tree.text(status, "message"),
                new Details(
                        Tree.text(details, "group"),
                        Tree.text(details, "kind"),
                        Tree.text(details, "name"),
                        Tree.text(details, "uid"),
                        causes,
                        (int) Tree.number(details, 0, "retryAfterSeconds")));
    }
}
