package dev.fairway.balancer;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.List;

/// What someone wants of the edge: an address for each family, and ports.
///
/// @param name who wants it, unique: `default/web`
/// @param families the families that need an address
/// @param wanted addresses to use: asked for, or given out before a restart
/// @param sources the blocks that clients must be in; those of a family in which there is none are all let in
/// @param healthPort where nodes tell whether they have endpoints of it; 0 when every node leads to all endpoints
public record LoadBalancer(
        String name,
        List<IpFamily> families,
        List<IpAddress> wanted,
        List<PortForward> ports,
        List<Cidr> sources,
        int healthPort) {

    public LoadBalancer {
        families = List.copyOf(families);
        wanted = List.copyOf(wanted);
        ports = List.copyOf(ports);
        sources = List.copyOf(sources);
    }

    /// A load balancer for everybody, which every node serves.
    public LoadBalancer(String name, List<IpFamily> families, List<IpAddress> wanted, List<PortForward> ports) {
        this(name, families, wanted, ports, List.of(), 0);
    }
}
