package dev.fairway.table;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/// All Services of the cluster as seen from one node, decided and immutable. The next table is made of the one before
/// and shares with it what did not change.
///
/// @param revision grows with every table; readers use it to know what they have finished
/// @param services in name order
/// @param namespaces every namespace that exists, for NODATA against NXDOMAIN
public record ServiceTable(
        long revision, PersistentMap<ServiceName, ServiceEntry> services, PersistentSet<String> namespaces) {

    public static final ServiceTable EMPTY = new ServiceTable(0, PersistentMap.empty(), PersistentSet.empty());

    public static ServiceTable of(long revision, Collection<ServiceEntry> entries, Collection<String> namespaces) {
        Map<ServiceName, ServiceEntry> services = new TreeMap<>();
        entries.forEach(entry -> services.put(entry.service(), entry));
        return new ServiceTable(revision, PersistentMap.copyOf(services), PersistentSet.copyOf(namespaces));
    }
}
