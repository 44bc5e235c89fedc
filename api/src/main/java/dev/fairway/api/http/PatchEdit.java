package dev.fairway.api.http;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.codec.Decoded;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// A patch as a function of the object; its result is checked against the kind's type.
final class PatchEdit implements UnaryOperator<ObjectNode> {

    private final UnaryOperator<ObjectNode> patch;
    private final Decoder.Expected expected;
    private final FieldValidation mode;
    private List<String> warnings = List.of();

    private PatchEdit(UnaryOperator<ObjectNode> patch, Decoder.Expected expected, FieldValidation mode) {
        this.patch = patch;
        this.expected = expected;
        this.mode = mode;
    }

    static PatchEdit parse(Call call, Kind kind) {
        Decoder.Expected expected = new Decoder.Expected(
                kind.resource().apiVersion(), kind.resource().kind());
        return new PatchEdit(Patches.parse(call), expected, Wire.fieldValidation(call));
    }

    @Override
    public ObjectNode apply(ObjectNode object) {
        Decoded decoded = Decoder.conform(patch.apply(object), expected, mode);
        warnings = decoded.warnings();
        return decoded.object();
    }

    /// Of the last application.
    List<String> warnings() {
        return warnings;
    }
}
