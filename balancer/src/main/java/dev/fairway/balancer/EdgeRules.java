package dev.fairway.balancer;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.table.Protocol;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// What the edge forwards: each address and port, and where it leads.
record EdgeRules(SortedMap<EdgePort, Forward> ports) {

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

    /// Where a port leads.
    ///
    /// @param targets those that take turns; none means refuse
    /// @param sources the blocks that clients must be in; empty for everybody
    /// @param known whether these are the sources: the kernel does not tell those of a rule that was read, which is
    ///     made anew once for that
    record Forward(List<Target> targets, List<Cidr> sources, boolean known) {

        Forward {
            targets = List.copyOf(targets);
            sources = List.copyOf(sources);
        }

        static Forward of(List<Target> targets, List<Cidr> sources) {
            return new Forward(targets, targets.isEmpty() ? List.of() : sources, true);
        }
    }

    /// A node's outside address and the node port.
    record Target(IpAddress address, int port) {}

    /// @param healthy the nodes' outside addresses that answer for a load balancer, in node order
    static EdgeRules plan(
            AddressPool pool, Collection<LoadBalancer> balancers, Function<LoadBalancer, List<IpAddress>> healthy) {
        TreeMap<EdgePort, Forward> ports = new TreeMap<>();
        for (LoadBalancer balancer : balancers) {
            for (IpAddress address : pool.of(balancer.name())) {
                for (PortForward forward : balancer.ports()) {
                    List<Target> targets = healthy.apply(balancer).stream()
                            .filter(node -> node.family() == address.family())
                            .map(node -> new Target(node, forward.nodePort()))
                            .toList();
                    ports.put(
                            new EdgePort(address, forward.protocol(), forward.port()),
                            Forward.of(targets, sources(balancer, address.family())));
                }
            }
        }
        return new EdgeRules(ports);
    }

    private static List<Cidr> sources(LoadBalancer balancer, IpFamily family) {
        return balancer.sources().stream()
                .filter(block -> block.family() == family)
                .distinct()
                .sorted()
                .toList();
    }

    /// These rules and others, which are for other addresses.
    EdgeRules with(EdgeRules others) {
        TreeMap<EdgePort, Forward> all = new TreeMap<>(ports);
        all.putAll(others.ports);
        return new EdgeRules(all);
    }

    /// The rules for all addresses but these.
    EdgeRules without(Collection<IpAddress> addresses) {
        TreeMap<EdgePort, Forward> left = new TreeMap<>(ports);
        left.keySet().removeIf(port -> addresses.contains(port.address()));
        return new EdgeRules(left);
    }

    List<IpAddress> addresses() {
        return ports.keySet().stream().map(EdgePort::address).distinct().toList();
    }
}
