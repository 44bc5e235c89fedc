package dev.fairway.control.explain;

import java.util.Collection;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Says what keeps a Service from working, from objects of the API alone. Pure.
public interface ServiceFaults {

    /// @param pods those that its selector chooses
    /// @param slices its EndpointSlices
    /// @param aliases other Services of type ExternalName to which it leads
    Optional<Fault> find(
            ObjectNode service,
            Collection<ObjectNode> pods,
            Collection<ObjectNode> slices,
            Collection<ObjectNode> aliases);

    /// @param reason as in an Event: `SelectorMatchesNoPod`
    /// @param message a sentence, and where to read more
    record Fault(String reason, String message) {}
}
