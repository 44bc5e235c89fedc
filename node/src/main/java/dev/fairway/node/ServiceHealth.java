package dev.fairway.node;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.table.Backend;
import dev.fairway.table.Frontend;
import dev.fairway.table.PortEntry;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a load balancer is told about one Service on this node.
///
/// @param localEndpoints how many endpoints of the family are ready here, whatever their ports
record ServiceHealth(ServiceName service, int localEndpoints) {

    /// A listener: a node address and the health check port of a Service.
    record At(IpAddress address, int port) implements Comparable<At> {
        @Override
        public int compareTo(At other) {
            int byAddress = address.compareTo(other.address);
            return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
        }
    }

    /// Where the node must answer, for each Service that asks for it, on its addresses of the Service's families.
    static SortedMap<At, ServiceHealth> of(ServiceTable table, List<IpAddress> nodeAddresses) {
        TreeMap<At, ServiceHealth> out = new TreeMap<>();
        for (ServiceEntry entry : table.services().values()) {
            if (entry.forwarded() && entry.traffic().healthCheckNodePort() > 0) {
                for (IpAddress address : nodeAddresses) {
                    if (has(entry, address.family())) {
                        out.putIfAbsent(
                                new At(address, entry.traffic().healthCheckNodePort()),
                                new ServiceHealth(entry.service(), count(entry, address.family())));
                    }
                }
            }
        }
        return out;
    }

    private static boolean has(ServiceEntry entry, IpFamily family) {
        return entry.ports().stream()
                .flatMap(port -> port.frontends().stream())
                .map(Frontend::family)
                .anyMatch(family::equals);
    }

    private static int count(ServiceEntry entry, IpFamily family) {
        return (int) entry.ports().stream()
                .map(PortEntry::local)
                .flatMap(local -> local.ready().stream())
                .map(Backend::address)
                .filter(address -> address.family() == family)
                .distinct()
                .count();
    }

    /// As kube-proxy writes it.
    ///
    /// @param proxyHealthy the node's data plane keeps up
    String toJson(boolean proxyHealthy) {
        return """
                {
                \t"service": {
                \t\t"namespace": "%s",
                \t\t"name": "%s"
                \t},
                \t"localEndpoints": %d,
                \t"serviceProxyHealthy": %b
                }""".formatted(service.namespace(), service.name(), localEndpoints, proxyHealthy);
    }
}
