package dev.fairway.table;

import java.util.List;
import java.util.OptionalInt;

/// One Service as a node's readers see it. Unchanged Services are the same object in the next table.
///
/// @param name what its DNS name stands for
/// @param ports empty for headless Services without ports and for plain aliases; a headless Service's ports have no
///     frontends and no backends
/// @param traffic which endpoints its traffic may reach
/// @param affinity whether and how long a client keeps its endpoint
/// @param drainSeconds how long connections to an endpoint that ends may stay; empty for as long as they like
/// @param forwarded whether this node's data plane handles it: false for headless Services and plain aliases, and for
///     Services that name another proxy (`service.kubernetes.io/service-proxy-name`)
public record ServiceEntry(
        ServiceName service,
        NameEntry name,
        List<PortEntry> ports,
        Balancing balancing,
        TrafficPolicy traffic,
        SessionAffinity affinity,
        OptionalInt drainSeconds,
        boolean forwarded) {

    public ServiceEntry {
        ports = List.copyOf(ports);
    }

    /// A Service whose connections may stay as long as they like.
    public ServiceEntry(
            ServiceName service,
            NameEntry name,
            List<PortEntry> ports,
            Balancing balancing,
            TrafficPolicy traffic,
            SessionAffinity affinity,
            boolean forwarded) {
        this(service, name, ports, balancing, traffic, affinity, OptionalInt.empty(), forwarded);
    }

    /// A Service whose traffic may reach all endpoints.
    public ServiceEntry(
            ServiceName service,
            NameEntry name,
            List<PortEntry> ports,
            Balancing balancing,
            SessionAffinity affinity,
            boolean forwarded) {
        this(service, name, ports, balancing, TrafficPolicy.OPEN, affinity, forwarded);
    }
}
