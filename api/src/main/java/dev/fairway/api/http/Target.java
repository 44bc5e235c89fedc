package dev.fairway.api.http;

import java.util.List;
import java.util.Set;

/// What a request's path names.
sealed interface Target {

    /// Anything but objects: health, version, discovery, OpenAPI.
    record Plain(String path) implements Target {}

    /// @param namespace empty for all namespaces or a cluster-wide kind
    record Collection(String group, String version, String namespace, String plural) implements Target {}

    /// @param subresource empty for the object itself
    /// @param rest what follows the subresource, for `proxy`
    record Item(
            String group, String version, String namespace, String plural, String name, String subresource, String rest)
            implements Target {}

    /// Subresources of namespaces, which would otherwise look like collections in a namespace.
    Set<String> OF_NAMESPACES = Set.of("status", "finalize");

    /// @param path still percent-encoded
    static Target parse(String path) {
        List<String> steps = PathRules.steps(path);
        if (steps.size() >= 3 && steps.getFirst().equals("api")) {
            return object("", steps.get(1), steps.subList(2, steps.size()));
        }
        if (steps.size() >= 4 && steps.getFirst().equals("apis")) {
            return object(steps.get(1), steps.get(2), steps.subList(3, steps.size()));
        }
        return new Plain(path);
    }

    private static Target object(String group, String version, List<String> steps) {
        boolean scoped = steps.getFirst().equals("namespaces")
                && steps.size() >= 3
                && !(steps.size() == 3 && OF_NAMESPACES.contains(steps.get(2)));
        String namespace = scoped ? steps.get(1) : "";
        List<String> rest = scoped ? steps.subList(2, steps.size()) : steps;
        if (rest.size() == 1) {
            return new Collection(group, version, namespace, rest.getFirst());
        }
        String subresource = rest.size() > 2 ? rest.get(2) : "";
        String tail = rest.size() > 3 ? String.join("/", rest.subList(3, rest.size())) : "";
        return new Item(group, version, namespace, rest.getFirst(), rest.get(1), subresource, tail);
    }
}
