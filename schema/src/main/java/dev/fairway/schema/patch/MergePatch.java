package dev.fairway.schema.patch;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON merge patch, RFC 7386: objects merge, null deletes, everything else replaces.
public final class MergePatch {

    private MergePatch() {}

    /// A new object; neither argument is changed.
    public static ObjectNode apply(ObjectNode object, ObjectNode patch) {
        ObjectNode out = object.deepCopy();
        merge(out, patch);
        return out;
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(name);
            } else if (value instanceof ObjectNode inner) {
                if (!(target.get(name) instanceof ObjectNode)) {
                    target.set(name, JsonNodeFactory.instance.objectNode());
                }
                merge((ObjectNode) target.path(name), inner);
            } else {
                target.set(name, value.deepCopy());
            }
        }
    }
}
