package dev.fairway.api.http;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Types;
import dev.fairway.schema.codec.Decoded;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
import dev.fairway.schema.codec.Format;
import dev.fairway.schema.patch.PatchKind;
import dev.fairway.schema.patch.Patches;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A patch as a function of the object; its result is checked against the object's type.
final class PatchEdit implements UnaryOperator<ObjectNode> {

    private static final String ACCEPTED =
            "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, "
                    + "application/apply-patch+yaml";

    private final PatchKind how;
    private final Decoder.Untyped patch;
    private final ObjectType type;
    private final Decoder.Expected expected;
    private final FieldValidation mode;
    private final MergeWarnings merged;
    private List<String> warnings = List.of();

    /// What to tell the user about a strategic merge, from the object before and after.
    interface MergeWarnings {
        List<String> of(ObjectNode old, ObjectNode now);
    }

    private PatchEdit(
            PatchKind how,
            Decoder.Untyped patch,
            Decoder.Expected expected,
            FieldValidation mode,
            MergeWarnings merged) {
        this.how = how;
        this.patch = patch;
        this.merged = merged;
        this.type = Types.of(expected.apiVersion(), expected.kind());
        this.expected = expected;
        this.mode = mode;
    }

    /// Reads a patch to an object of this kind from a request.
    ///
    /// @throws ApiException 415 for a patch of an unknown kind, 400 for one that cannot be read
    static PatchEdit parse(Call call, String apiVersion, String kind) {
        return parse(call, apiVersion, kind, (_, _) -> List.of());
    }

    static PatchEdit parse(Call call, String apiVersion, String kind, MergeWarnings merged) {
        String contentType = call.header("Content-Type");
        PatchKind how = PatchKind.ofMediaType(contentType)
                .filter(found -> found != PatchKind.APPLY)
                .orElseThrow(() -> Wire.unsupported(contentType, ACCEPTED));
        Decoder.Untyped patch = Decoder.untyped(call.body(), Format.JSON);
        return new PatchEdit(how, patch, new Decoder.Expected(apiVersion, kind), Wire.fieldValidation(call), merged);
    }

    @Override
    public ObjectNode apply(ObjectNode object) {
        ObjectNode patched = Patches.apply(how, object, patch.tree(), type);
        Decoded decoded = Decoder.patched(new Decoder.Untyped(patched, patch.duplicates()), expected, mode);
        List<String> more = how == PatchKind.STRATEGIC ? merged.of(object, decoded.object()) : List.of();
        warnings = Stream.concat(decoded.warnings().stream(), more.stream()).toList();
        return decoded.object();
    }

    /// Of the last application.
    List<String> warnings() {
        return warnings;
    }
}
