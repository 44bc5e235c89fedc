package dev.fairway.api.security;

/// What a request wants to do.
public sealed interface Access {

    String verb();

    /// @param namespace empty for all namespaces or for a cluster-wide kind
    /// @param name empty for a collection
    record ToResource(String verb, String group, String plural, String subresource, String namespace, String name)
            implements Access {}

    record ToPath(String verb, String path) implements Access {}
}
