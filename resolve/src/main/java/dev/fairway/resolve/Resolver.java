package dev.fairway.resolve;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ObjectKey;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.PersistentSet;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// API objects in, the next table out. Pure: equal inputs give equal tables, whichever form is called.
///
/// Entries that did not change are the same objects as in the previous table, and so is a table in which nothing did.
public final class Resolver {

    private final NodeView node;
    private final MappedRanges mappedRanges;

    public Resolver(NodeView node, MappedRanges mappedRanges) {
        this.node = node;
        this.mappedRanges = mappedRanges;
    }

    /// Decides every Service anew: at the start, after a resync, and when the node's own zone changed.
    ///
    /// @param externalAddresses what the external names of mapped Services resolve to
    public Resolution resolveAll(
            ClusterView cluster, Map<ServiceName, List<IpAddress>> externalAddresses, Resolution previous) {
        SliceIndex slices = SliceIndex.EMPTY.with(cluster.slices().keySet(), cluster.slices());
        Set<ServiceName> services = new TreeSet<>(previous.table().services().keySet());
        cluster.services().keySet().forEach(key -> services.add(serviceName(key)));
        return resolve(cluster, externalAddresses, previous, slices, services, allNames(cluster, previous.table()));
    }

    /// Decides only what `changes` can have touched.
    public Resolution resolveChanged(
            ClusterView cluster,
            Map<ServiceName, List<IpAddress>> externalAddresses,
            Resolution previous,
            Changes changes) {
        SliceIndex slices = previous.slices().with(changes.slices(), cluster.slices());
        Set<ServiceName> services = new TreeSet<>(changes.externalNames());
        changes.services().forEach(key -> services.add(serviceName(key)));
        services.addAll(previous.slices().servicesOf(changes.slices()));
        services.addAll(slices.servicesOf(changes.slices()));
        return resolve(
                cluster, externalAddresses, previous, slices, services, names(cluster, previous.table(), changes));
    }

    private Resolution resolve(
            ClusterView cluster,
            Map<ServiceName, List<IpAddress>> externalAddresses,
            Resolution previous,
            SliceIndex slices,
            Set<ServiceName> services,
            PersistentSet<String> namespaces) {
        MappedClaims claims = previous.claims().with(claims(cluster, services), mappedRanges);
        services.addAll(claims.movedSince(previous.claims()));
        Map<ServiceName, Optional<ServiceEntry>> entries = new TreeMap<>();
        Map<ServiceName, Optional<List<String>>> problems = new TreeMap<>();
        for (ServiceName name : services) {
            Optional<Translation.Outcome> outcome = find(cluster, name).map(service -> {
                List<Slice> own = slices.slicesOf(name).stream()
                        .flatMap(key -> Optional.ofNullable(cluster.slices().get(key)).stream())
                        .toList();
                List<IpAddress> external = externalAddresses.getOrDefault(name, List.of());
                return new Translation(service, own, node).outcome(claims.addresses(name, mappedRanges), external);
            });
            entries.put(name, outcome.map(Translation.Outcome::entry));
            problems.put(name, outcome.map(Translation.Outcome::problems).filter(list -> !list.isEmpty()));
        }
        return new Resolution(
                table(previous.table(), entries, namespaces), changed(previous.problems(), problems), slices, claims);
    }

    @SuppressWarnings("ReferenceEquality") // the same map and set say that nothing changed
    private static ServiceTable table(
            ServiceTable previous, Map<ServiceName, Optional<ServiceEntry>> entries, PersistentSet<String> namespaces) {
        PersistentMap<ServiceName, ServiceEntry> services = changed(previous.services(), entries);
        boolean same = services == previous.services() && namespaces == previous.namespaces();
        return same && previous.revision() > 0
                ? previous
                : new ServiceTable(previous.revision() + 1, services, namespaces);
    }

    /// The same set when it would be equal, as in `names`.
    private static PersistentSet<String> allNames(ClusterView cluster, ServiceTable previous) {
        Set<String> all =
                cluster.namespaces().keySet().stream().map(ObjectKey::name).collect(Collectors.toSet());
        return previous.namespaces().equals(all) ? previous.namespaces() : PersistentSet.copyOf(all);
    }

    private static PersistentSet<String> names(ClusterView cluster, ServiceTable previous, Changes changes) {
        PersistentSet<String> names = previous.namespaces();
        for (String name : changes.namespaces()) {
            names = cluster.namespaces().containsKey(new ObjectKey("", name)) ? names.with(name) : names.without(name);
        }
        return names;
    }

    /// Keeps each old value to which the new one is equal, and the map when all are.
    private static <V> PersistentMap<ServiceName, V> changed(
            PersistentMap<ServiceName, V> map, Map<ServiceName, Optional<V>> changes) {
        changes.entrySet().removeIf(change -> map.find(change.getKey()).equals(change.getValue()));
        return changes.isEmpty() ? map : map.withAll(changes);
    }

    private static Map<ServiceName, Optional<MappedClaim>> claims(ClusterView cluster, Set<ServiceName> services) {
        Map<ServiceName, Optional<MappedClaim>> claims = new HashMap<>();
        for (ServiceName name : services) {
            claims.put(
                    name,
                    find(cluster, name)
                            .map(ExternalName::new)
                            .filter(ExternalName::wantsMapping)
                            .map(ExternalName::claim));
        }
        return claims;
    }

    private static Optional<ObjectNode> find(ClusterView cluster, ServiceName name) {
        return Optional.ofNullable(cluster.services().get(new ObjectKey(name.namespace(), name.name())));
    }

    private static ServiceName serviceName(ObjectKey key) {
        return new ServiceName(key.namespace(), key.name());
    }
}
