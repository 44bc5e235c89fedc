package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.Draining.Endpoint;
import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.kernel.conntrack.Flow;
import dev.fairway.table.Frontend;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Tells which TCP connections came by a Service to one of its endpoints that end. Pure.
final class DrainFlows {

    private record Way(IpAddress address, int port, IpAddress endpoint, int number) {}

    private record NodeWay(IpFamily family, int port, IpAddress endpoint, int number) {}

    private final NodeAddresses addresses;
    private final Map<Way, Endpoint> ways = new HashMap<>();
    private final Map<NodeWay, Endpoint> nodeWays = new HashMap<>();

    DrainFlows(Draining draining, Set<Endpoint> due, NodeAddresses addresses) {
        this.addresses = addresses;
        Set<Endpoint> endpoints = new HashSet<>(draining.ending());
        endpoints.addAll(due);
        endpoints.forEach(endpoint -> draining.service(endpoint.service()).ifPresent(entry -> put(entry, endpoint)));
    }

    private void put(ServiceEntry entry, Endpoint endpoint) {
        for (PortEntry port : entry.ports()) {
            if (port.protocol() == Protocol.TCP && port.name().equals(endpoint.port())) {
                port.frontends().forEach(frontend -> put(frontend, endpoint));
            }
        }
    }

    private void put(Frontend frontend, Endpoint endpoint) {
        switch (new FrontendAt(frontend, Protocol.TCP).frontend()) {
            case Frontend.NodePort(IpFamily family, int port) ->
                nodeWays.put(new NodeWay(family, port, endpoint.address(), endpoint.number()), endpoint);
            case Frontend.ClusterIp(IpAddress address, int port) ->
                ways.put(new Way(address, port, endpoint.address(), endpoint.number()), endpoint);
            case Frontend.LoadBalancer _, Frontend.ExternalIp _, Frontend.Mapped _ ->
                throw new IllegalStateException(frontend + " is told by its address alone");
        }
    }

    /// The families in which there can be any.
    Set<IpFamily> families() {
        Set<IpFamily> families = new TreeSet<>();
        Stream.concat(ways.values().stream(), nodeWays.values().stream())
                .forEach(endpoint -> families.add(endpoint.address().family()));
        return families;
    }

    Optional<Endpoint> endpoint(Flow flow) {
        IpAddress to = flow.original().destination();
        int port = flow.original().destinationPort();
        IpAddress answers = flow.reply().source();
        int number = flow.reply().sourcePort();
        Endpoint found = ways.get(new Way(to, port, answers, number));
        if (found == null && addresses.nodePorts().contains(to)) {
            found = nodeWays.get(new NodeWay(to.family(), port, answers, number));
        }
        return Optional.ofNullable(found);
    }
}
