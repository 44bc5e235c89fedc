package dev.fairway.node;

import dev.fairway.table.ServiceTable;
import java.time.Duration;

/// A node that runs, or only the part of it that forwards and resolves.
public sealed interface NodePart permits NodeProxy, NodeAgent {

    /// The newest table of this node.
    ServiceTable table();

    /// Whether the API has this node's Node.
    boolean isRegistered();

    /// Blocks until it does all that it is for.
    ///
    /// @return false when it does not within the time
    boolean awaitReady(Duration limit) throws InterruptedException;

    /// Ends it. The kernel's rules and the processes of pods stay for the next one.
    void leave();
}
