package dev.fairway.schema.patch;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.ObjectType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Applies a patch of any kind but server-side apply. The result must still be decoded against its type, which finds
/// unknown fields and wrong values.
public final class Patches {

    private Patches() {}

    /// A new object; neither argument is changed.
    ///
    /// @throws ApiException 400 for a malformed patch, 413 for one that is too large, 422 for one that does not fit
    public static ObjectNode apply(PatchKind kind, ObjectNode object, JsonNode patch, ObjectType type) {
        return switch (kind) {
            case JSON -> JsonPatch.apply(object, patch);
            case MERGE -> MergePatch.apply(object, object(patch));
            case STRATEGIC -> StrategicMergePatch.apply(object, object(patch), type);
            case APPLY -> throw new IllegalArgumentException("server-side apply is no patch of this kind");
        };
    }

    private static ObjectNode object(JsonNode patch) {
        if (patch instanceof ObjectNode object) {
            return object;
        }
        throw Refusal.malformed("the patch is no object");
    }
}
