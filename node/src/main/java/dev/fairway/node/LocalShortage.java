package dev.fairway.node;

import dev.fairway.address.IpFamily;
import dev.fairway.table.Backend;
import dev.fairway.table.Frontend;
import dev.fairway.table.PortEntry;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.List;

/// How many Service ports of a family drop traffic on this node, because their policy is `Local` and their endpoints
/// are elsewhere.
///
/// @param internal for traffic to cluster IPs
/// @param external for traffic from outside
record LocalShortage(int internal, int external) {

    static LocalShortage of(ServiceTable table, IpFamily family) {
        int internal = 0;
        int external = 0;
        for (ServiceEntry entry : table.services().values()) {
            for (PortEntry port : entry.ports()) {
                boolean away = entry.forwarded()
                        && has(port.backends(), family)
                        && !has(port.local().backends(), family);
                internal += away && entry.traffic().internal() == Scope.LOCAL ? 1 : 0;
                external += away && entry.traffic().external() == Scope.LOCAL && isExternal(port, family) ? 1 : 0;
            }
        }
        return new LocalShortage(internal, external);
    }

    private static boolean has(List<Backend> backends, IpFamily family) {
        return backends.stream().anyMatch(backend -> backend.address().family() == family);
    }

    private static boolean isExternal(PortEntry port, IpFamily family) {
        return port.frontends().stream()
                .filter(frontend -> frontend.family() == family)
                .anyMatch(frontend -> !(frontend instanceof Frontend.ClusterIp));
    }
}
