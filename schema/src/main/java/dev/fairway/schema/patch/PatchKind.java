package dev.fairway.schema.patch;

import java.util.Locale;
import java.util.Optional;

/// The kinds of patch, told apart by the request's Content-Type.
public enum PatchKind {
    /// RFC 6902: a list of operations.
    JSON("application/json-patch+json"),
    /// RFC 7386: lists are replaced.
    MERGE("application/merge-patch+json"),
    /// Kubernetes: lists are merged by the keys in the type table.
    STRATEGIC("application/strategic-merge-patch+json"),
    /// Server-side apply.
    APPLY("application/apply-patch+yaml");

    private final String mediaType;

    PatchKind(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /// @param mediaType a Content-Type header; parameters are ignored
    public static Optional<PatchKind> ofMediaType(String mediaType) {
        String plain = mediaType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        for (PatchKind kind : values()) {
            if (kind.mediaType.equals(plain)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
