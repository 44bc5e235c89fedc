package dev.fairway.api.registry;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON merge patches (RFC 7386).
public final class MergeEdit {

    private MergeEdit() {}

    /// Edits `target` as the patch says: null removes, objects merge, all else replaces.
    public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                target.remove(field.getKey());
            } else if (value instanceof ObjectNode inner) {
                ObjectNode next =
                        target.get(field.getKey()) instanceof ObjectNode old ? old : target.putObject(field.getKey());
                apply(next, inner);
            } else {
                target.set(field.getKey(), value.deepCopy());
            }
        });
        return target;
    }
}
