package dev.fairway.api.registry;

import dev.fairway.api.kind.Subresource;
import java.util.Optional;

/// Which part of an object an update may change.
public enum Section {
    /// All but the status, where the kind has a status subresource.
    MAIN,
    /// Only the status.
    STATUS,
    /// Only `spec.finalizers`, for namespaces.
    FINALIZE;

    /// The section behind a subresource; empty when it is not a part of the object.
    public static Optional<Section> of(Subresource subresource) {
        return switch (subresource) {
            case STATUS -> Optional.of(STATUS);
            case FINALIZE -> Optional.of(FINALIZE);
            case SCALE, BINDING, EVICTION, LOG, EXEC, ATTACH, PORT_FORWARD, PROXY, TOKEN -> Optional.empty();
        };
    }
}
