package dev.fairway.api.http;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `Status` objects.
final class StatusTree {

    private StatusTree() {}

    static ObjectNode of(ApiException e) {
        ObjectNode status = begin("Failure");
        putUnlessEmpty(
                Tree.makeObject(status, "metadata"), "continue", e.details().continued());
        status.put("message", e.text()).put("reason", e.reason());
        ObjectNode details = details(e.details());
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        return status.put("code", e.code());
    }

    private static ObjectNode details(ApiException.Details from) {
        ObjectNode details = Json.object();
        putUnlessEmpty(details, "name", from.name());
        putUnlessEmpty(details, "group", from.group());
        putUnlessEmpty(details, "kind", from.kind());
        putUnlessEmpty(details, "uid", from.uid());
        if (!from.causes().isEmpty()) {
            ArrayNode causes = details.putArray("causes");
            for (ApiException.Cause cause : from.causes()) {
                ObjectNode tree = causes.addObject();
                putUnlessEmpty(tree, "reason", cause.reason());
                putUnlessEmpty(tree, "message", cause.message());
                putUnlessEmpty(tree, "field", cause.field());
            }
        }
        if (from.retryAfterSeconds() > 0) {
            details.put("retryAfterSeconds", from.retryAfterSeconds());
        }
        return details;
    }

    /// What a deletion answers.
    static ObjectNode deleted(String group, String plural, String name, String uid) {
        ObjectNode status = begin("Success");
        ObjectNode details = status.putObject("details");
        putUnlessEmpty(details, "name", name);
        putUnlessEmpty(details, "group", group);
        putUnlessEmpty(details, "kind", plural);
        putUnlessEmpty(details, "uid", uid);
        return status;
    }

    /// A success without details.
    static ObjectNode success(int code) {
        return begin("Success").put("code", code);
    }

    private static ObjectNode begin(String outcome) {
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", outcome);
    }

    private static void putUnlessEmpty(ObjectNode tree, String field, String value) {
        if (!value.isEmpty()) {
            tree.put(field, value);
        }
    }
}
