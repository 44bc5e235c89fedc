package dev.fairway.table;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// All Services of the cluster as seen from one node, decided and immutable.
///
/// @param revision grows with every table; readers use it to know what they have finished
/// @param services in name order
/// @param namespaces every namespace that exists, for NODATA against NXDOMAIN
public record ServiceTable(long revision, SortedMap<ServiceName, ServiceEntry> services, SortedSet<String> namespaces) {

    public static final ServiceTable EMPTY = new ServiceTable(0, new TreeMap<>(), new TreeSet<>());

    public ServiceTable {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        namespaces = Collections.unmodifiableSortedSet(new TreeSet<>(namespaces));
    }

    public static ServiceTable of(long revision, Collection<ServiceEntry> entries, Collection<String> namespaces) {
        TreeMap<ServiceName, ServiceEntry> services = new TreeMap<>();
        entries.forEach(entry -> services.put(entry.service(), entry));
        return new ServiceTable(revision, services, new TreeSet<>(namespaces));
    }
}
