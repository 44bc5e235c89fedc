package dev.fairway.app.server;

import dev.fairway.api.NodeDirectory;
import dev.fairway.node.NodeAgent;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.table.ServiceName;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// The agents of this process by node name, as the API server finds them.
final class Nodes implements NodeDirectory, AutoCloseable {

    private final ConcurrentSkipListMap<String, NodeAgent> agents = new ConcurrentSkipListMap<>();

    void add(NodeAgent agent) {
        agents.put(agent.name(), agent);
    }

    Collection<NodeAgent> agents() {
        return agents.values();
    }

    /// New connections to each Service since the rules are there, of all nodes together.
    Map<ServiceName, Long> connections() {
        Map<ServiceName, Long> out = new HashMap<>();
        for (NodeAgent agent : agents.values()) {
            agent.connections().forEach((service, count) -> out.merge(service, count, Long::sum));
        }
        return out;
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
