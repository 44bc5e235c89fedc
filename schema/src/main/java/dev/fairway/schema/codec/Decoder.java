package dev.fairway.schema.codec;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Details;
import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Tree;
import dev.fairway.schema.Types;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads objects from request bodies, strictly against the type table. Every refusal is a BadRequest that names the
/// field.
public final class Decoder {

    private static final int PROBLEMS_SHOWN = 100;

    private Decoder() {}

    /// The version and kind of an object whose body does not say them.
    public record Expected(String apiVersion, String kind) {}

    /// Reads a body in any format.
    ///
    /// @throws ApiException 400 BadRequest when it is unreadable or, in mode `Strict`, has unknown or
    ///     duplicate fields
    public static Decoded decode(byte[] body, Format format, Expected expected, FieldValidation mode) {
        try {
            return switch (format) {
                case JSON -> conform(TreeReader.json(body), expected, mode);
                case YAML -> conform(TreeReader.yaml(body), expected, mode);
                case PROTOBUF -> conform(TreeReader.Read.of(Protobuf.decode(body, expected)), expected, mode);
            };
        } catch (DecodeException e) {
            throw refusal(expected, e.text());
        }
    }

    /// Brings a tree that did not come as bytes, such as the result of a patch, into the form of its type.
    ///
    /// @throws ApiException as `decode`
    public static Decoded conform(ObjectNode tree, Expected expected, FieldValidation mode) {
        try {
            return conform(TreeReader.Read.of(tree), expected, mode);
        } catch (DecodeException e) {
            throw refusal(expected, e.text());
        }
    }

    /// Brings the result of a patch into the form of its type.
    ///
    /// @param patched with the patch's own duplicate fields
    /// @throws ApiException 422 Invalid with the field `patch`, as upstream has it
    public static Decoded patched(Untyped patched, Expected expected, FieldValidation mode) {
        try {
            return conform(patched.tree(), new Problems(patched.duplicates(), List.of()), expected, mode);
        } catch (DecodeException e) {
            String value = Json.object().stringNode(Json.toText(patched.tree())).toString();
            String message = "Invalid value: " + value + ": " + e.text();
            Details details = new Details(
                    "", "", "", "", List.of(new ApiException.Cause("FieldValueInvalid", message, "patch")), 0);
            throw new ApiException(422, "Invalid", " \"\" is invalid: patch: " + message, details);
        }
    }

    /// A body of no known type, such as a patch.
    ///
    /// @param duplicates such as `duplicate field "spec.type"`; the last one stands in the tree
    public record Untyped(JsonNode tree, List<String> duplicates) {}

    /// Reads JSON or YAML of no known type. What begins like a JSON object is tried as JSON first: every JSON text is
    /// YAML, but not for every parser.
    ///
    /// @throws ApiException 400 BadRequest
    public static Untyped untyped(byte[] body, Format format) {
        try {
            TreeReader.Read read = format == Format.YAML ? yamlOrJson(body) : TreeReader.json(body);
            return new Untyped(read.tree(), read.duplicates());
        } catch (DecodeException e) {
            throw badRequest("error decoding the body: " + e.text());
        }
    }

    private static TreeReader.Read yamlOrJson(byte[] body) {
        if (body.length > 0 && body[0] == '{') {
            try {
                return TreeReader.json(body);
            } catch (DecodeException notJson) {
                return TreeReader.yaml(body);
            }
        }
        return TreeReader.yaml(body);
    }

    /// What was found before the tree is looked at.
    ///
    /// @param first told before all others
    /// @param placed duplicate fields that are told in the order of the tree
    private record Problems(List<String> first, List<String> placed) {

        /// Duplicate keys of YAML come first, a line for each: a warning each, but one error.
        static Problems of(TreeReader.Read read, FieldValidation mode) {
            List<String> lines = read.lines();
            if (lines.isEmpty()) {
                return new Problems(List.of(), read.duplicates());
            }
            boolean one = mode == FieldValidation.STRICT;
            String error = "yaml: unmarshal errors:\n  " + String.join("\n  ", lines);
            return new Problems(one ? List.of(error) : lines, List.of());
        }
    }

    private static Decoded conform(TreeReader.Read read, Expected expected, FieldValidation mode) {
        return conform(read.tree(), Problems.of(read, mode), expected, mode);
    }

    private static Decoded conform(JsonNode given, Problems before, Expected expected, FieldValidation mode) {
        if (!(given instanceof ObjectNode tree)) {
            throw Conformer.wrong(Place.ROOT, "an object", given);
        }
        ObjectType type = type(tree, expected);
        Conformer conformer = new Conformer(before.placed());
        ObjectNode object = conformer.object(tree, type, Place.ROOT);
        List<String> problems = Stream.concat(before.first().stream(), conformer.problems().stream())
                .limit(PROBLEMS_SHOWN)
                .toList();
        if (mode == FieldValidation.STRICT && !problems.isEmpty()) {
            throw new DecodeException("strict decoding error: " + String.join(", ", problems));
        }
        return new Decoded(object, type, mode == FieldValidation.WARN ? problems : List.of());
    }

    private static ObjectType type(ObjectNode tree, Expected expected) {
        String version = textOr(tree, "apiVersion", expected.apiVersion());
        String kind = textOr(tree, "kind", expected.kind());
        return Types.find(version, kind)
                .orElseThrow(
                        () -> badRequest("no kind \"" + kind + "\" is registered for version \"" + version + "\""));
    }

    private static String textOr(ObjectNode tree, String field, String absent) {
        String text = Tree.text(tree, field);
        return text.isEmpty() ? absent : text;
    }

    private static ApiException refusal(Expected expected, String problem) {
        String version = expected.apiVersion().substring(expected.apiVersion().indexOf('/') + 1);
        return badRequest(expected.kind() + " in version \"" + version + "\" cannot be handled as a " + expected.kind()
                + ": " + problem);
    }

    private static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message);
    }
}
