package dev.fairway.schema.codec;

import java.util.Locale;
import java.util.Optional;

/// How an object is written as bytes.
public enum Format {
    JSON("application/json"),
    YAML("application/yaml"),
    /// The `k8s\0` prefix and a `runtime.Unknown` envelope around the object.
    PROTOBUF("application/vnd.kubernetes.protobuf");

    private final String mediaType;

    Format(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /// @param mediaType a Content-Type header; parameters are ignored, an empty one means JSON
    public static Optional<Format> ofMediaType(String mediaType) {
        String plain = mediaType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        return switch (plain) {
            case "", "application/json" -> Optional.of(JSON);
            case "application/yaml", "application/x-yaml", "text/yaml" -> Optional.of(YAML);
            case "application/vnd.kubernetes.protobuf" -> Optional.of(PROTOBUF);
            default -> Optional.empty();
        };
    }
}
