package dev.fairway.picture;

import dev.fairway.address.IpAddress;
import dev.fairway.table.ServiceName;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.List;

/// A Service of the picture.
///
/// @param addresses its cluster IPs; none for headless Services and external names
/// @param headless its name stands for its pods' own addresses
/// @param balancers addresses or host names of its load balancer; none while they are pending
/// @param externalName where an external name points, else empty
/// @param internal whose endpoints serve traffic from inside
/// @param external whose endpoints serve traffic from outside
public record SceneService(
        ServiceName service,
        ServiceType type,
        boolean headless,
        List<IpAddress> addresses,
        List<ScenePort> ports,
        List<String> balancers,
        String externalName,
        Scope internal,
        Scope external,
        List<SceneEndpoint> endpoints) {

    public SceneService {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        balancers = List.copyOf(balancers);
        endpoints = List.copyOf(endpoints);
    }

    public String name() {
        return service.name();
    }

    public List<SceneEndpoint> endpointsOn(String node) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.node().equals(node))
                .toList();
    }

    public long readyCount() {
        return readyAmong(endpoints);
    }

    public static long readyAmong(List<SceneEndpoint> endpoints) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.state() == PodState.READY)
                .count();
    }
}
