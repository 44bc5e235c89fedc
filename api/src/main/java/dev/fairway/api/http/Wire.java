package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.Yaml;
import dev.fairway.schema.codec.Decoded;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
import dev.fairway.schema.codec.Format;
import dev.fairway.schema.codec.Protobuf;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// Objects to and from bodies.
final class Wire {

    private Wire() {}

    /// Reads an object that must be of this kind; a body that does not name a kind is taken to be.
    ///
    /// @throws ApiException 400 or 415, naming what is wrong
    static Decoded decode(Call call, String apiVersion, String kind) {
        if (call.body().length == 0) {
            throw Refusal.badRequest("the request has no body; expected a " + kind);
        }
        Decoded decoded = Decoder.decode(
                call.body(), format(call), new Decoder.Expected(apiVersion, kind), fieldValidation(call));
        checkKind(decoded.object(), apiVersion, kind);
        return decoded;
    }

    static Decoded decode(Call call, Resource resource) {
        return decode(call, resource.apiVersion(), resource.kind());
    }

    /// Reads options of a request. They belong to every group: a client says the version of the object's.
    static Decoded decodeOptions(Call call, String kind) {
        Decoded decoded =
                Decoder.decode(call.body(), format(call), new Decoder.Expected("v1", kind), fieldValidation(call));
        checkKind(decoded.object(), Tree.text(decoded.object(), "apiVersion"), kind);
        return decoded;
    }

    private static void checkKind(ObjectNode object, String apiVersion, String kind) {
        String found = Tree.text(object, "kind");
        String version = Tree.text(object, "apiVersion");
        if ((!found.isEmpty() && !found.equals(kind)) || (!version.isEmpty() && !version.equals(apiVersion))) {
            throw Refusal.badRequest(found + " in version \"" + version + "\" cannot be handled as a " + kind
                    + ": expected " + kind + " in version \"" + apiVersion + "\"");
        }
    }

    static FieldValidation fieldValidation(Call call) {
        try {
            return FieldValidation.parse(call.query().text("fieldValidation"));
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Format format(Call call) {
        String type = call.header("Content-Type");
        return Format.ofMediaType(type)
                .orElseThrow(() ->
                        unsupported(type, "application/json, application/yaml, application/vnd.kubernetes.protobuf"));
    }

    static ApiException unsupported(String type, String accepted) {
        return new ApiException(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + accepted
                        + "; it was " + type);
    }

    static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /// Errors and discovery documents may have no protobuf form: whether this one can be written in `format`.
    static boolean canEncode(ObjectNode object, Format format) {
        return format != Format.PROTOBUF || Protobuf.canEncode(object);
    }

    static byte[] encode(ObjectNode object, Format format) {
        return switch (format) {
            case JSON -> Json.toBytes(object);
            case YAML -> Yaml.toBytes(object);
            case PROTOBUF -> Protobuf.encode(object);
        };
    }
}
