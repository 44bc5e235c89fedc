package dev.fairway.resolve;

import dev.fairway.table.ServiceName;
import java.util.Comparator;

/// A Service that needs a mapped address; older claims choose first.
///
/// @param created the creation timestamp as text (RFC 3339 in UTC sorts by time)
/// @param target the external name
record MappedClaim(String created, String uid, ServiceName service, String target) implements Comparable<MappedClaim> {

    private static final Comparator<MappedClaim> ORDER = Comparator.comparing(MappedClaim::created)
            .thenComparing(MappedClaim::uid)
            .thenComparing(MappedClaim::service)
            .thenComparing(MappedClaim::target);

    @Override
    public int compareTo(MappedClaim other) {
        return ORDER.compare(this, other);
    }
}
