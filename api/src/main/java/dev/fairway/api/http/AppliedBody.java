package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.Tree;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.Decoder.Untyped;
import dev.fairway.schema.codec.FieldValidation;
import dev.fairway.schema.codec.Format;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The body of a server-side apply: the part of an object that its manager has an opinion about.
///
/// @param object as it was sent, nulls and zero values included: what is stated is owned
/// @param warnings about duplicate fields
record AppliedBody(ObjectNode object, List<String> warnings) {

    /// @throws dev.fairway.schema.ApiException 400 when it cannot be read, is of another version, or states who owns
    ///     the fields
    static AppliedBody parse(Call call, String apiVersion, String kind) {
        FieldValidation mode = Wire.fieldValidation(call);
        Untyped untyped = Decoder.untyped(call.body(), Format.YAML);
        if (!(untyped.tree() instanceof ObjectNode object)) {
            throw Refusal.badRequest("error decoding YAML: expected an object");
        }
        checkVersion(object, apiVersion, kind);
        if (Tree.has(object, "metadata", "managedFields")) {
            throw Refusal.badRequest("metadata.managedFields must be nil");
        }
        if (mode == FieldValidation.STRICT && !untyped.duplicates().isEmpty()) {
            throw Refusal.badRequest("error strict decoding YAML: " + String.join(", ", untyped.duplicates()));
        }
        return new AppliedBody(object, mode == FieldValidation.WARN ? untyped.duplicates() : List.of());
    }

    private static void checkVersion(ObjectNode object, String apiVersion, String kind) {
        String version = Tree.text(object, "apiVersion");
        if (!version.equals(apiVersion)) {
            throw Refusal.badRequest("Incorrect version specified in apply patch. Specified patch version: " + version
                    + ", expected: " + apiVersion);
        }
        String found = Tree.text(object, "kind");
        if (!found.equals(kind)) {
            throw Refusal.badRequest("the kind in the applied configuration (" + found
                    + ") does not match the expected kind (" + kind + ")");
        }
    }
}
