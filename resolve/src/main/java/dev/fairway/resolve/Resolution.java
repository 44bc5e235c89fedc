package dev.fairway.resolve;

import dev.fairway.table.PersistentMap;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.List;
import java.util.SortedMap;

/// A table, and what the next one is built upon.
public final class Resolution {

    /// Where every resolver starts: the empty table at revision 0.
    public static final Resolution EMPTY =
            new Resolution(ServiceTable.EMPTY, PersistentMap.empty(), SliceIndex.EMPTY, MappedClaims.NONE);

    private final ServiceTable table;
    private final PersistentMap<ServiceName, List<String>> problems;
    private final SliceIndex slices;
    private final MappedClaims claims;

    Resolution(
            ServiceTable table,
            PersistentMap<ServiceName, List<String>> problems,
            SliceIndex slices,
            MappedClaims claims) {
        this.table = table;
        this.problems = problems;
        this.slices = slices;
        this.claims = claims;
    }

    /// The same object as before when no reader could see a difference.
    public ServiceTable table() {
        return table;
    }

    /// What could not be honoured, as sentences, by Service; Services without problems are absent.
    public PersistentMap<ServiceName, List<String>> problems() {
        return problems;
    }

    /// The external names whose addresses the next resolution needs, by Service: those whose ports are translated. The
    /// same object as before when they are the same.
    public SortedMap<ServiceName, String> externalTargets() {
        return claims.targets();
    }

    SliceIndex slices() {
        return slices;
    }

    /// The Services that want a mapped address.
    MappedClaims claims() {
        return claims;
    }
}
