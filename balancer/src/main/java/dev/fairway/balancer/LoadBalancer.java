package dev.fairway.balancer;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.List;

/// What someone wants of the edge: an address for each family, and ports.
///
/// @param name who wants it, unique: `default/web`
/// @param families the families that need an address
/// @param wanted addresses to use: asked for, or given out before a restart
/// @param healthPort where nodes tell whether they have endpoints of it; 0 when every node leads to all endpoints
public record LoadBalancer(
        String name, List<IpFamily> families, List<IpAddress> wanted, List<PortForward> ports, int healthPort) {

    public LoadBalancer {
        families = List.copyOf(families);
        wanted = List.copyOf(wanted);
        ports = List.copyOf(ports);
    }

    /// A load balancer that every node serves.
    public LoadBalancer(String name, List<IpFamily> families, List<IpAddress> wanted, List<PortForward> ports) {
        this(name, families, wanted, ports, 0);
    }
}
