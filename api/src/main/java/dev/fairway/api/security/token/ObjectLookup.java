package dev.fairway.api.security.token;

import dev.fairway.schema.Resource;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Finds standing objects: a token is only worth as much as the objects that it is bound to.
@FunctionalInterface
public interface ObjectLookup {

    /// @param namespace empty for a cluster-wide kind
    Optional<ObjectNode> find(Resource resource, String namespace, String name);
}
