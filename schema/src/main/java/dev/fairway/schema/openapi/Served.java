package dev.fairway.schema.openapi;

import dev.fairway.schema.Resource;
import java.util.List;

/// A served collection, as schema documents describe it.
///
/// @param verbs of `get list watch create update patch delete deletecollection`
public record Served(Resource resource, List<String> verbs, List<Subresource> subresources) {

    /// A subresource, such as `status` or `scale`.
    ///
    /// @param apiVersion of the object that it takes and gives
    /// @param kind of the object that it takes and gives
    /// @param verbs of `get create update patch delete`
    public record Subresource(String name, String apiVersion, String kind, List<String> verbs) {
        public Subresource {
            verbs = List.copyOf(verbs);
        }
    }

    public Served {
        verbs = List.copyOf(verbs);
        subresources = List.copyOf(subresources);
    }
}
