package dev.fairway.dataplane;

import dev.fairway.table.PortEntry;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.List;
import java.util.Set;

/// The order in which a node without any rules gets them. A large ruleset takes the kernel up to seconds; what nobody
/// can do without is there before that: DNS, the API's own Service, and Services that have endpoints on this node.
final class ColdStart {

    /// So few are in force at once.
    private static final int SERVICES_MAX = 1_000;

    private static final Set<ServiceName> FOR_ALL =
            Set.of(new ServiceName("default", "kubernetes"), new ServiceName("kube-system", "kube-dns"));

    private ColdStart() {}

    /// Tables to bring into force one after the other, the last of which is `table`.
    static List<ServiceTable> steps(ServiceTable table) {
        if (table.services().size() <= SERVICES_MAX) {
            return List.of(table);
        }
        List<ServiceEntry> first =
                table.services().values().stream().filter(ColdStart::isUrgent).toList();
        return first.isEmpty() || first.size() > SERVICES_MAX
                ? List.of(table)
                : List.of(ServiceTable.of(table.revision(), first, table.namespaces()), table);
    }

    private static boolean isUrgent(ServiceEntry entry) {
        return entry.forwarded()
                && (FOR_ALL.contains(entry.service()) || entry.ports().stream().anyMatch(ColdStart::isHere));
    }

    private static boolean isHere(PortEntry port) {
        return !port.local().backends().isEmpty();
    }
}
