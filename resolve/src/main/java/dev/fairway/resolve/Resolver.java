package dev.fairway.resolve;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ObjectKey;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
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
        return resolve(cluster, externalAddresses, previous, slices, services);
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
        return resolve(cluster, externalAddresses, previous, slices, services);
    }

    private Resolution resolve(
            ClusterView cluster,
            Map<ServiceName, List<IpAddress>> externalAddresses,
            Resolution previous,
            SliceIndex slices,
            Set<ServiceName> services) {
        Map<ServiceName, MappedClaim> claims = claims(cluster, previous.claims(), services);
        Map<ServiceName, Long> places = places(claims.values());
        if (!claims.equals(previous.claims())) {
            services.addAll(moved(places(previous.claims().values()), places));
        }
        SortedMap<ServiceName, ServiceEntry> entries =
                new TreeMap<>(previous.table().services());
        SortedMap<ServiceName, List<String>> problems = new TreeMap<>(previous.problems());
        boolean changed = false;
        for (ServiceName name : services) {
            Optional<Translation.Outcome> outcome = find(cluster, name).map(service -> {
                List<ObjectNode> own = slices.slicesOf(name).stream()
                        .flatMap(key -> Optional.ofNullable(cluster.slices().get(key)).stream())
                        .toList();
                List<IpAddress> mapped = Optional.ofNullable(places.get(name))
                        .map(mappedRanges::at)
                        .orElse(List.of());
                List<IpAddress> external = externalAddresses.getOrDefault(name, List.of());
                return new Translation(service, own, node).outcome(mapped, external);
            });
            changed |= put(entries, name, outcome.map(Translation.Outcome::entry));
            put(problems, name, outcome.map(Translation.Outcome::problems).filter(list -> !list.isEmpty()));
        }
        return new Resolution(table(previous.table(), cluster, entries, changed), problems, slices, claims);
    }

    private static ServiceTable table(
            ServiceTable previous, ClusterView cluster, SortedMap<ServiceName, ServiceEntry> entries, boolean changed) {
        TreeSet<String> namespaces = cluster.namespaces().keySet().stream()
                .map(ObjectKey::name)
                .collect(Collectors.toCollection(TreeSet::new));
        return changed || !namespaces.equals(previous.namespaces()) || previous.revision() == 0
                ? new ServiceTable(previous.revision() + 1, entries, namespaces)
                : previous;
    }

    /// Keeps the old value when the new one is equal.
    ///
    /// @return whether the map changed
    private static <V> boolean put(Map<ServiceName, V> map, ServiceName name, Optional<V> now) {
        Optional<V> before = Optional.ofNullable(map.get(name));
        if (before.equals(now)) {
            return false;
        }
        now.ifPresentOrElse(value -> map.put(name, value), () -> map.remove(name));
        return true;
    }

    private Map<ServiceName, MappedClaim> claims(
            ClusterView cluster, Map<ServiceName, MappedClaim> previous, Set<ServiceName> services) {
        Map<ServiceName, MappedClaim> claims = new HashMap<>(previous);
        for (ServiceName name : services) {
            Optional<MappedClaim> claim = find(cluster, name)
                    .map(ExternalName::new)
                    .filter(ExternalName::wantsMapping)
                    .map(ExternalName::claim);
            put(claims, name, claim);
        }
        return claims;
    }

    private Map<ServiceName, Long> places(Collection<MappedClaim> claims) {
        Map<ServiceName, Long> out = new HashMap<>();
        mappedRanges.assign(new TreeSet<>(claims)).forEach((claim, place) -> out.put(claim.service(), place));
        return out;
    }

    private static Set<ServiceName> moved(Map<ServiceName, Long> before, Map<ServiceName, Long> now) {
        Set<ServiceName> names = new HashSet<>(before.keySet());
        names.addAll(now.keySet());
        names.removeIf(name -> Objects.equals(before.get(name), now.get(name)));
        return names;
    }

    private static Optional<ObjectNode> find(ClusterView cluster, ServiceName name) {
        return Optional.ofNullable(cluster.services().get(new ObjectKey(name.namespace(), name.name())));
    }

    private static ServiceName serviceName(ObjectKey key) {
        return new ServiceName(key.namespace(), key.name());
    }
}
