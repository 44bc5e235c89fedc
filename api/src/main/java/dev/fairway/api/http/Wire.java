package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// Objects to and from bodies.
final class Wire {

    private Wire() {}

    /// An object read from a body.
    record Decoded(ObjectNode object, List<String> warnings) {}

    /// Reads an object of any supported encoding.
    ///
    /// @param apiVersion assumed when the body does not say
    /// @param kind assumed when the body does not say
    static Decoded decode(Call call, String apiVersion, String kind) {
        if (call.body().length == 0) {
            throw Refusal.badRequest("the request has no body; expected a " + kind);
        }
        return new Decoded(parse(call), List.of());
    }

    private static ObjectNode parse(Call call) {
        try {
            return Json.parse(call.body());
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("the object provided is unrecognized: " + e.getMessage());
        }
    }

    /// The encoding of the body: JSON when the request does not say.
    static Form.Encoding encoding(Call call) {
        String type = mediaType(call.header("Content-Type"));
        if (type.isEmpty()) {
            return Form.Encoding.JSON;
        }
        return Form.Encoding.of(type)
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

    static byte[] encode(ObjectNode object, Form.Encoding encoding) {
        return switch (encoding) {
            case JSON, YAML, PROTOBUF -> Json.toBytes(object);
        };
    }
}
