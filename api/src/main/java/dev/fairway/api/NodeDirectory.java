package dev.fairway.api;

import dev.fairway.schema.client.PodAccess;
import java.util.Optional;

/// Finds the node that runs a pod, for logs, exec, attach, port-forward and proxy.
public interface NodeDirectory {

    /// Empty when no such node is known, or it cannot be reached.
    Optional<PodAccess> node(String name);

    /// A cluster without nodes.
    static NodeDirectory none() {
        return name -> Optional.empty();
    }
}
