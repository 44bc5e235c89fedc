package dev.fairway.api.http;

import dev.fairway.api.kind.Subresource;

/// The types that subresources speak.
final class SubresourceTypes {

    private SubresourceTypes() {}

    /// Empty when the subresource speaks the type of the object.
    static String apiVersion(Subresource sub) {
        return switch (sub) {
            case SCALE -> "autoscaling/v1";
            case EVICTION -> "policy/v1";
            case TOKEN -> "authentication.k8s.io/v1";
            case BINDING, EXEC, ATTACH, PORT_FORWARD -> "v1";
            case STATUS, FINALIZE, LOG, PROXY -> "";
        };
    }
}
