package dev.fairway.resolve;

import dev.fairway.address.IpAddress;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.ServiceName;
import java.util.Collections;
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

/// The Services that want a mapped address, and what follows from all of them together. The same object for as long as
/// they are the same.
///
/// @param places where in the ranges each one's addresses are; absent where there is no room
/// @param targets the external names that must be resolved to addresses
record MappedClaims(
        PersistentMap<ServiceName, MappedClaim> claims,
        Map<ServiceName, Long> places,
        SortedMap<ServiceName, String> targets) {

    static final MappedClaims NONE = new MappedClaims(PersistentMap.empty(), Map.of(), Collections.emptySortedMap());

    /// @param changes the claim that each of these Services has now
    MappedClaims with(Map<ServiceName, Optional<MappedClaim>> changes, MappedRanges ranges) {
        Map<ServiceName, Optional<MappedClaim>> real = new HashMap<>(changes);
        real.entrySet().removeIf(change -> claims.find(change.getKey()).equals(change.getValue()));
        return real.isEmpty() ? this : of(claims.withAll(real), ranges);
    }

    private static MappedClaims of(PersistentMap<ServiceName, MappedClaim> claims, MappedRanges ranges) {
        Map<ServiceName, Long> places = new HashMap<>();
        ranges.assign(new TreeSet<>(claims.values())).forEach((claim, place) -> places.put(claim.service(), place));
        SortedMap<ServiceName, String> targets = new TreeMap<>();
        claims.forEach((service, claim) -> {
            if (IpAddress.tryParse(claim.target()).isEmpty()) {
                targets.put(service, claim.target());
            }
        });
        return new MappedClaims(
                claims, Collections.unmodifiableMap(places), Collections.unmodifiableSortedMap(targets));
    }

    List<IpAddress> addresses(ServiceName service, MappedRanges ranges) {
        return Optional.ofNullable(places.get(service)).map(ranges::at).orElse(List.of());
    }

    /// The Services that have another place than before.
    @SuppressWarnings("ReferenceEquality") // the cheap question first
    Set<ServiceName> movedSince(MappedClaims before) {
        if (before == this) {
            return Set.of();
        }
        Set<ServiceName> names = new HashSet<>(before.places.keySet());
        names.addAll(places.keySet());
        names.removeIf(name -> Objects.equals(before.places.get(name), places.get(name)));
        return names;
    }
}
