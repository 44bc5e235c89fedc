package dev.fairway.balancer;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Protocol;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// What the edge forwards: to each address and port the targets that take turns. No targets means refuse.
record EdgeRules(SortedMap<EdgePort, List<Target>> ports) {

    static final EdgeRules EMPTY = new EdgeRules(new TreeMap<>());

    EdgeRules {
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    }

    /// An address, protocol and port of the edge.
    record EdgePort(IpAddress address, Protocol protocol, int port) implements Comparable<EdgePort> {

        private static final Comparator<EdgePort> ORDER = Comparator.comparing(EdgePort::address)
                .thenComparing(EdgePort::protocol)
                .thenComparingInt(EdgePort::port);

        @Override
        public int compareTo(EdgePort other) {
            return ORDER.compare(this, other);
        }
    }

    /// A node's outside address and the node port.
    record Target(IpAddress address, int port) {}

    /// @param healthy the nodes' outside addresses that answer for a load balancer, in node order
    static EdgeRules plan(
            AddressPool pool, Collection<LoadBalancer> balancers, Function<LoadBalancer, List<IpAddress>> healthy) {
        TreeMap<EdgePort, List<Target>> ports = new TreeMap<>();
        for (LoadBalancer balancer : balancers) {
            for (IpAddress address : pool.of(balancer.name())) {
                for (PortForward forward : balancer.ports()) {
                    List<Target> targets = healthy.apply(balancer).stream()
                            .filter(node -> node.family() == address.family())
                            .map(node -> new Target(node, forward.nodePort()))
                            .toList();
                    ports.put(new EdgePort(address, forward.protocol(), forward.port()), targets);
                }
            }
        }
        return new EdgeRules(ports);
    }

    /// These rules and others, which are for other addresses.
    EdgeRules with(EdgeRules others) {
        TreeMap<EdgePort, List<Target>> all = new TreeMap<>(ports);
        all.putAll(others.ports);
        return new EdgeRules(all);
    }

    /// The rules for all addresses but these.
    EdgeRules without(Collection<IpAddress> addresses) {
        TreeMap<EdgePort, List<Target>> left = new TreeMap<>(ports);
        left.keySet().removeIf(port -> addresses.contains(port.address()));
        return new EdgeRules(left);
    }

    List<IpAddress> addresses() {
        return ports.keySet().stream().map(EdgePort::address).distinct().toList();
    }
}
