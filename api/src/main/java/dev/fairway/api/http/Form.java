package dev.fairway.api.http;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.codec.Format;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The form a client wants an answer in.
///
/// @param version of the meta group, `v1` or `v1beta1`, for shapes other than `OBJECT`
record Form(Format encoding, Shape shape, String version) {

    static final Form JSON = new Form(Format.JSON, Shape.OBJECT, "");

    private static final String META_GROUP = "meta.k8s.io";
    private static final Set<String> META_VERSIONS = Set.of("v1", "v1beta1");

    enum Shape {
        OBJECT,
        TABLE,
        PARTIAL,
        PARTIAL_LIST
    }

    /// One media range of an `Accept` header (RFC 9110, 12.5.1).
    private record Range(String mediaType, Map<String, String> parameters, double quality) {

        static Range parse(String text) {
            String[] parts = text.split(";");
            Map<String, String> parameters = Form.parameters(parts);
            return new Range(
                    parts[0].strip().toLowerCase(Locale.ROOT), parameters, quality(parameters.getOrDefault("q", "1")));
        }

        private static double quality(String text) {
            try {
                return Math.clamp(Double.parseDouble(text), 0, 1);
            } catch (NumberFormatException e) {
                return 1; // a range with a quality that nobody can read is still wanted
            }
        }

        int wildcards() {
            return mediaType.equals("*/*") ? 2 : mediaType.endsWith("/*") ? 1 : 0;
        }
    }

    /// The form of an `Accept` header that the client likes best of those that can be served; JSON when the header is
    /// empty.
    ///
    /// @param shapes what can be served beside the plain object
    /// @throws ApiException 406 when there is none
    static Form choose(String accept, List<Shape> shapes) {
        if (accept.isBlank()) {
            return JSON;
        }
        for (Range range : ranges(accept)) {
            Optional<Form> form = of(range).filter(f -> f.shape == Shape.OBJECT || shapes.contains(f.shape));
            if (form.isPresent()) {
                return form.get();
            }
        }
        throw new ApiException(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json, application/yaml, "
                        + "application/vnd.kubernetes.protobuf");
    }

    /// The form of a stream of events: there are no YAML streams, but the texts of JSON are YAML too.
    Form streamed() {
        return encoding == Format.YAML ? new Form(Format.JSON, shape, version) : this;
    }

    /// Best first: by quality, then the more specific, then as written.
    private static List<Range> ranges(String accept) {
        List<Range> ranges = new ArrayList<>();
        for (String text : accept.split(",")) {
            Range range = Range.parse(text.strip());
            if (range.quality > 0) {
                ranges.add(range);
            }
        }
        ranges.sort(Comparator.comparingDouble((Range range) -> -range.quality).thenComparingInt(Range::wildcards));
        return ranges;
    }

    private static Optional<Form> of(Range range) {
        String as = range.parameters.getOrDefault("as", "");
        return encoding(range.mediaType)
                .flatMap(encoding -> as.isEmpty()
                        ? Optional.of(new Form(encoding, Shape.OBJECT, ""))
                        : shape(as, encoding).flatMap(shape -> of(range, encoding, shape)));
    }

    private static Optional<Form> of(Range range, Format encoding, Shape shape) {
        String version = range.parameters.getOrDefault("v", "");
        boolean known = range.parameters.getOrDefault("g", "").equals(META_GROUP) && META_VERSIONS.contains(version);
        return known ? Optional.of(new Form(encoding, shape, version)) : Optional.empty();
    }

    /// Tables have no protobuf form.
    private static Optional<Shape> shape(String as, Format encoding) {
        return switch (as) {
            case "Table" -> Optional.of(Shape.TABLE).filter(s -> encoding != Format.PROTOBUF);
            case "PartialObjectMetadata" -> Optional.of(Shape.PARTIAL);
            case "PartialObjectMetadataList" -> Optional.of(Shape.PARTIAL_LIST);
            default -> Optional.empty();
        };
    }

    private static Optional<Format> encoding(String mediaType) {
        return switch (mediaType) {
            case "application/json", "*/*", "application/*" -> Optional.of(Format.JSON);
            case "application/yaml" -> Optional.of(Format.YAML);
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
