package dev.fairway.balancer;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.List;

/// What someone wants of the edge: an address for each family, and ports.
///
/// @param name who wants it, unique: `default/web`
/// @param families the families that need an address
/// @param wanted addresses to use: asked for, or given out before a restart
public record LoadBalancer(String name, List<IpFamily> families, List<IpAddress> wanted, List<PortForward> ports) {

    public LoadBalancer {
        families = List.copyOf(families);
        wanted = List.copyOf(wanted);
        ports = List.copyOf(ports);
    }
}
