package dev.fairway.app.server;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.api.NodeDirectory;
import dev.fairway.app.page.Observed;
import dev.fairway.dataplane.DropCount;
import dev.fairway.node.NodeAgent;
import dev.fairway.picture.page.Drop;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.table.Frontend;
import dev.fairway.table.ServiceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// The agents of this process by node name, as the API server finds them.
final class Nodes implements NodeDirectory, Observed, AutoCloseable {

    private final ConcurrentSkipListMap<String, NodeAgent> agents = new ConcurrentSkipListMap<>();

    void add(NodeAgent agent) {
        agents.put(agent.name(), agent);
    }

    Collection<NodeAgent> agents() {
        return agents.values();
    }

    @Override
    public Map<ServiceName, Long> connections() {
        Map<ServiceName, Long> out = new HashMap<>();
        for (NodeAgent agent : agents.values()) {
            agent.connections().forEach((service, count) -> out.merge(service, count, Long::sum));
        }
        return out;
    }

    @Override
    public List<Drop> drops(ServiceName service) {
        List<Drop> out = new ArrayList<>();
        for (NodeAgent agent : agents.values()) {
            agent.drops().stream()
                    .filter(count -> count.service().equals(service))
                    .forEach(count -> out.add(drop(agent.name(), count)));
        }
        return out;
    }

    private static Drop drop(String node, DropCount count) {
        String frontend = switch (count.frontend()) {
            case Frontend.NodePort(IpFamily _, int port) -> "node port " + port;
            case Frontend.ClusterIp(IpAddress address, int port) -> address.withPort(port);
            case Frontend.LoadBalancer(IpAddress address, int port) -> address.withPort(port);
            case Frontend.ExternalIp(IpAddress address, int port) -> address.withPort(port);
            case Frontend.Mapped(IpAddress address, int port) -> address.withPort(port);
        };
        String reason = switch (count.reason()) {
            case NO_ENDPOINTS -> "refused: no endpoint is ready";
            case NO_LOCAL_ENDPOINT -> "dropped: the policy is Local, and no endpoint is on this node";
            case SOURCE_RANGES -> "dropped: the client is not in loadBalancerSourceRanges";
        };
        return new Drop(node, frontend + "/" + count.protocol(), reason, count.packets(), count.after(), count.until());
    }

    @Override
    public Optional<PodAccess> node(String name) {
        return Optional.ofNullable(agents.get(name));
    }

    /// Ends the agents; their pods' processes and the kernel's rules stay.
    @Override
    public void close() {
        agents.values().forEach(NodeAgent::leave);
    }
}
