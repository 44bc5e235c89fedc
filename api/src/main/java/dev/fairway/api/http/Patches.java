package dev.fairway.api.http;

import dev.fairway.api.registry.MergeEdit;
import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.Json;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// Reads patches of each kind as functions of the object.
final class Patches {

    private static final String ACCEPTED =
            "application/json-patch+json, application/merge-patch+json, " + "application/strategic-merge-patch+json";

    private Patches() {}

    /// @throws dev.fairway.schema.ApiException 415 for a patch of an unknown kind, 400 for one that cannot be read
    static UnaryOperator<ObjectNode> parse(Call call) {
        String type = Wire.mediaType(call.header("Content-Type"));
        return switch (type) {
            case "application/merge-patch+json" -> {
                ObjectNode patch = object(call);
                yield old -> MergeEdit.apply(old, patch);
            }
            default -> throw Wire.unsupported(type, ACCEPTED);
        };
    }

    private static ObjectNode object(Call call) {
        try {
            return Json.parse(call.body());
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("error decoding patch: " + e.getMessage());
        }
    }
}
