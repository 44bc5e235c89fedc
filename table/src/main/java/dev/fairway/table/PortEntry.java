package dev.fairway.table;

import java.util.List;

/// One port of a Service: where clients reach it and who answers, already decided.
///
/// @param name empty for a single unnamed port
/// @param port the Service port, as in SRV records
/// @param frontends every address that leads to it, both families
/// @param backends the usable endpoints, both families, sorted; a frontend uses those of its own family
public record PortEntry(String name, Protocol protocol, int port, List<Frontend> frontends, List<Backend> backends) {

    public PortEntry {
        frontends = List.copyOf(frontends);
        backends = List.copyOf(backends);
    }
}
