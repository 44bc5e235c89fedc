package dev.fairway.node;

import dev.fairway.address.IpFamily;
import dev.fairway.table.Backend;
import dev.fairway.table.PortEntry;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;

/// What a load balancer is told about one Service on this node.
///
/// @param localEndpoints how many endpoints of the family are ready here, whatever their ports
record ServiceHealth(ServiceName service, int localEndpoints) {

    static ServiceHealth of(ServiceEntry entry, IpFamily family) {
        return new ServiceHealth(entry.service(), count(entry, family));
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
