package dev.fairway.dataplane;

import dev.fairway.table.PersistentMap;
import dev.fairway.table.PortEntry;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The order in which a node without any rules gets them. A large ruleset takes the kernel up to seconds; what nobody
/// can do without is there before that: DNS, the API's own Service, and Services that have endpoints on this node.
final class ColdStart {

    /// So few are in force at once.
    private static final int SERVICES_MAX = 1_000;
    /// So many are planned before they go to the kernel: what they come to takes memory until then.
    private static final int STEP = 2_000;

    private static final Set<ServiceName> FOR_ALL =
            Set.of(new ServiceName("default", "kubernetes"), new ServiceName("kube-system", "kube-dns"));

    private ColdStart() {}

    /// Tables to bring into force one after the other, the last of which is `table`.
    static List<ServiceTable> steps(ServiceTable table) {
        if (table.services().size() <= SERVICES_MAX) {
            return List.of(table);
        }
        List<ServiceTable> steps = new ArrayList<>();
        PersistentMap<ServiceName, ServiceEntry> sofar = PersistentMap.copyOf(urgent(table));
        if (!sofar.isEmpty()) {
            steps.add(new ServiceTable(table.revision(), sofar, table.namespaces()));
        }
        Map<ServiceName, Optional<ServiceEntry>> more = new TreeMap<>();
        for (ServiceEntry entry : table.services().values()) {
            more.put(entry.service(), Optional.of(entry));
            if (more.size() == STEP) {
                sofar = sofar.withAll(more);
                steps.add(new ServiceTable(table.revision(), sofar, table.namespaces()));
                more.clear();
            }
        }
        if (sofar.size() < table.services().size()) {
            steps.add(table);
        }
        return steps;
    }

    /// Nothing when nearly everything is urgent.
    private static Map<ServiceName, ServiceEntry> urgent(ServiceTable table) {
        Map<ServiceName, ServiceEntry> urgent = new TreeMap<>();
        table.services().forEach((name, entry) -> {
            if (isUrgent(entry)) {
                urgent.put(name, entry);
            }
        });
        return urgent.size() > SERVICES_MAX ? Map.of() : urgent;
    }

    private static boolean isUrgent(ServiceEntry entry) {
        return entry.forwarded()
                && (FOR_ALL.contains(entry.service()) || entry.ports().stream().anyMatch(ColdStart::isHere));
    }

    private static boolean isHere(PortEntry port) {
        return !port.local().backends().isEmpty();
    }
}
