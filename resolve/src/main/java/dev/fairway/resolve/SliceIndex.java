package dev.fairway.resolve;

import dev.fairway.schema.ObjectKey;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.ServiceName;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which EndpointSlices belong to which Service, by label. Immutable; a new index is made only when a slice comes, goes
/// or moves, not when its endpoints change.
record SliceIndex(
        PersistentMap<ObjectKey, ServiceName> serviceOfSlice,
        PersistentMap<ServiceName, SortedSet<ObjectKey>> slicesOfService) {

    static final SliceIndex EMPTY = new SliceIndex(PersistentMap.empty(), PersistentMap.empty());

    /// The index after `changed` slices took the form they have in `slices`.
    SliceIndex with(Collection<ObjectKey> changed, Map<ObjectKey, Slice> slices) {
        boolean same = changed.stream().allMatch(key -> serviceOf(key, slices).equals(serviceOfSlice.find(key)));
        if (same) {
            return this;
        }
        Map<ObjectKey, Optional<ServiceName>> owners = new HashMap<>();
        Map<ServiceName, SortedSet<ObjectKey>> members = new HashMap<>();
        for (ObjectKey key : changed) {
            Optional<ServiceName> now = serviceOf(key, slices);
            owners.put(key, now);
            serviceOfSlice.find(key).ifPresent(old -> edited(members, old).remove(key));
            now.ifPresent(service -> edited(members, service).add(key));
        }
        Map<ServiceName, Optional<SortedSet<ObjectKey>>> filled = new HashMap<>();
        members.forEach((service, keys) -> filled.put(service, Optional.of(keys).filter(it -> !it.isEmpty())));
        return new SliceIndex(serviceOfSlice.withAll(owners), slicesOfService.withAll(filled));
    }

    /// The Service's own copy: older indexes have the set as well.
    private SortedSet<ObjectKey> edited(Map<ServiceName, SortedSet<ObjectKey>> members, ServiceName service) {
        return members.computeIfAbsent(service, _ -> new TreeSet<>(slicesOf(service)));
    }

    SortedSet<ObjectKey> slicesOf(ServiceName service) {
        return slicesOfService.find(service).orElseGet(Collections::emptySortedSet);
    }

    /// The Services that the slices belong to, as far as they belong to one.
    Set<ServiceName> servicesOf(Collection<ObjectKey> slices) {
        Set<ServiceName> out = new TreeSet<>();
        slices.forEach(key -> serviceOfSlice.find(key).ifPresent(out::add));
        return out;
    }

    private static Optional<ServiceName> serviceOf(ObjectKey key, Map<ObjectKey, Slice> slices) {
        return Optional.ofNullable(slices.get(key))
                .map(Slice::service)
                .filter(name -> !name.isEmpty())
                .map(name -> new ServiceName(key.namespace(), name));
    }
}
