package dev.fairway.resolve;

import dev.fairway.address.IpAddress;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A table, and what the next one is built upon.
public final class Resolution {

    /// Where every resolver starts: the empty table at revision 0.
    public static final Resolution EMPTY =
            new Resolution(ServiceTable.EMPTY, new TreeMap<>(), SliceIndex.EMPTY, Map.of());

    private final ServiceTable table;
    private final SortedMap<ServiceName, List<String>> problems;
    private final SliceIndex slices;
    private final Map<ServiceName, MappedClaim> claims;

    Resolution(
            ServiceTable table,
            SortedMap<ServiceName, List<String>> problems,
            SliceIndex slices,
            Map<ServiceName, MappedClaim> claims) {
        this.table = table;
        this.problems = Collections.unmodifiableSortedMap(problems);
        this.slices = slices;
        this.claims = Collections.unmodifiableMap(claims);
    }

    /// The same object as before when no reader could see a difference.
    public ServiceTable table() {
        return table;
    }

    /// What could not be honoured, as sentences, by Service; Services without problems are absent.
    public SortedMap<ServiceName, List<String>> problems() {
        return problems;
    }

    /// The external names whose addresses the next resolution needs, by Service: those whose ports are translated.
    public SortedMap<ServiceName, String> externalTargets() {
        SortedMap<ServiceName, String> out = new TreeMap<>();
        claims.forEach((service, claim) -> {
            if (IpAddress.tryParse(claim.target()).isEmpty()) {
                out.put(service, claim.target());
            }
        });
        return out;
    }

    SliceIndex slices() {
        return slices;
    }

    /// The Services that want a mapped address.
    Map<ServiceName, MappedClaim> claims() {
        return claims;
    }
}
