package dev.fairway.api.http;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.codec.Format;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The form a client wants an answer in.
///
/// @param version of the meta group, `v1` or `v1beta1`, for shapes other than `OBJECT`
record Form(Format encoding, Shape shape, String version) {

    static final Form JSON = new Form(Format.JSON, Shape.OBJECT, "");

    enum Shape {
        OBJECT,
        TABLE,
        PARTIAL,
        PARTIAL_LIST
    }

    /// The first form of an `Accept` header that can be served; JSON when the header is empty.
    ///
    /// @param shapes what can be served beside the plain object
    /// @throws ApiException 406 when there is none
    static Form choose(String accept, List<Shape> shapes) {
        if (accept.isBlank()) {
            return JSON;
        }
        for (String range : accept.split(",")) {
            Optional<Form> form = parse(range.strip()).filter(f -> f.shape == Shape.OBJECT || shapes.contains(f.shape));
            if (form.isPresent()) {
                return form.get();
            }
        }
        throw new ApiException(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json, "
                        + "application/vnd.kubernetes.protobuf");
    }

    private static Optional<Form> parse(String range) {
        String[] parts = range.split(";");
        Map<String, String> parameters = parameters(parts);
        Optional<Format> encoding = encoding(parts[0].strip().toLowerCase(Locale.ROOT));
        String as = parameters.getOrDefault("as", "");
        String version = parameters.getOrDefault("v", "v1");
        boolean meta = parameters.getOrDefault("g", "meta.k8s.io").equals("meta.k8s.io")
                && List.of("v1", "v1beta1").contains(version);
        return switch (as) {
            case "" -> encoding.map(e -> new Form(e, Shape.OBJECT, ""));
            case "Table" -> encoding.filter(e -> meta && e == Format.JSON).map(e -> new Form(e, Shape.TABLE, version));
            case "PartialObjectMetadata" ->
                encoding.filter(e -> meta && e == Format.JSON).map(e -> new Form(e, Shape.PARTIAL, version));
            case "PartialObjectMetadataList" ->
                encoding.filter(e -> meta && e == Format.JSON).map(e -> new Form(e, Shape.PARTIAL_LIST, version));
            default -> Optional.empty();
        };
    }

    private static Optional<Format> encoding(String mediaType) {
        return switch (mediaType) {
            case "application/json", "*/*", "application/*" -> Optional.of(Format.JSON);
            case "application/vnd.kubernetes.protobuf" -> Optional.of(Format.PROTOBUF);
            default -> Optional.empty();
        };
    }

    /// The `name=value` parts behind a media type.
    static Map<String, String> parameters(String[] parts) {
        Map<String, String> out = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].strip().split("=", 2);
            out.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        return out;
    }
}
