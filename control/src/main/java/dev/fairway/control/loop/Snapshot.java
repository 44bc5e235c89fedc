package dev.fairway.control.loop;

import dev.fairway.schema.Resource;
import java.util.Collection;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a controller sees of the API when it decides. The objects are shared: `deepCopy()` before an edit.
public interface Snapshot {

    Optional<ObjectNode> get(Resource resource, String namespace, String name);

    /// @param namespace empty for all, or for a cluster-wide kind
    Collection<ObjectNode> list(Resource resource, String namespace);

    /// The objects that the index files under the key, in the order of their own keys.
    Collection<ObjectNode> find(Index index, String key);

    default Optional<ObjectNode> get(WorkKey key) {
        return get(key.resource(), key.namespace(), key.name());
    }
}
