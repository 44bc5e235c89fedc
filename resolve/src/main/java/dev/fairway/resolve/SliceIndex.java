package dev.fairway.resolve;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import dev.fairway.table.ServiceName;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which EndpointSlices belong to which Service, by label. Immutable; a new index is made only when a slice comes, goes
/// or moves, not when its endpoints change.
record SliceIndex(Map<ObjectKey, ServiceName> serviceOfSlice, Map<ServiceName, SortedSet<ObjectKey>> slicesOfService) {

    static final SliceIndex EMPTY = new SliceIndex(Map.of(), Map.of());

    private static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";

    SliceIndex {
        serviceOfSlice = Collections.unmodifiableMap(serviceOfSlice);
        slicesOfService = Collections.unmodifiableMap(slicesOfService);
    }

    /// The index after `changed` slices took the form they have in `slices`.
    SliceIndex with(Collection<ObjectKey> changed, Map<ObjectKey, ObjectNode> slices) {
        boolean same = changed.stream()
                .allMatch(key -> serviceOf(key, slices).equals(Optional.ofNullable(serviceOfSlice.get(key))));
        if (same) {
            return this;
        }
        Map<ObjectKey, ServiceName> owners = new HashMap<>(serviceOfSlice);
        Map<ServiceName, SortedSet<ObjectKey>> members = new HashMap<>(slicesOfService);
        for (ObjectKey key : changed) {
            Optional.ofNullable(owners.remove(key)).ifPresent(old -> remove(members, old, key));
            serviceOf(key, slices).ifPresent(now -> {
                owners.put(key, now);
                add(members, now, key);
            });
        }
        return new SliceIndex(owners, members);
    }

    SortedSet<ObjectKey> slicesOf(ServiceName service) {
        return slicesOfService.getOrDefault(service, Collections.emptySortedSet());
    }

    /// The Services that the slices belong to, as far as they belong to one.
    Set<ServiceName> servicesOf(Collection<ObjectKey> slices) {
        Set<ServiceName> out = new TreeSet<>();
        slices.forEach(key -> Optional.ofNullable(serviceOfSlice.get(key)).ifPresent(out::add));
        return out;
    }

    private static Optional<ServiceName> serviceOf(ObjectKey key, Map<ObjectKey, ObjectNode> slices) {
        return Optional.ofNullable(slices.get(key))
                .map(slice -> Tree.text((JsonNode) slice, "metadata", "labels", SERVICE_NAME_LABEL))
                .filter(name -> !name.isEmpty())
                .map(name -> new ServiceName(key.namespace(), name));
    }

    // The sets may be shared with older indexes, so they are replaced and never edited.
    private static void add(Map<ServiceName, SortedSet<ObjectKey>> members, ServiceName service, ObjectKey key) {
        SortedSet<ObjectKey> keys = new TreeSet<>(members.getOrDefault(service, Collections.emptySortedSet()));
        keys.add(key);
        members.put(service, keys);
    }

    private static void remove(Map<ServiceName, SortedSet<ObjectKey>> members, ServiceName service, ObjectKey key) {
        SortedSet<ObjectKey> keys = new TreeSet<>(members.getOrDefault(service, Collections.emptySortedSet()));
        keys.remove(key);
        if (keys.isEmpty()) {
            members.remove(service);
        } else {
            members.put(service, keys);
        }
    }
}
