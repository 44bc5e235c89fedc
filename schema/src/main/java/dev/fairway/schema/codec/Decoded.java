package dev.fairway.schema.codec;

import dev.fairway.schema.ObjectType;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// An object read from bytes.
///
/// @param object in the form that Fairway holds: unknown fields gone, zero values that mean absence gone
/// @param type of the object
/// @param warnings such as `unknown field "spec.foo"`; only in mode `Warn`
public record Decoded(ObjectNode object, ObjectType type, List<String> warnings) {

    public Decoded {
        warnings = List.copyOf(warnings);
    }
}
