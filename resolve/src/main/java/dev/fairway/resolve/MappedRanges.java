package dev.fairway.resolve;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/// The blocks from which external names with translated ports get their addresses, at most one of each family.
///
/// Nothing is stored: an address follows from the set of such Services alone, so every node and every restart finds
/// the same. A Service starts at the hash of its name and takes the first free place, oldest Service first.
public record MappedRanges(List<Cidr> ranges) {

    public static final MappedRanges NONE = new MappedRanges(List.of());

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    public MappedRanges {
        ranges = List.copyOf(ranges);
        if (ranges.stream().map(Cidr::family).distinct().count() != ranges.size()) {
            throw new IllegalArgumentException("mapped ranges " + ranges + " name a family twice; give one of each");
        }
    }

    /// Places in every range: the first and the last address stay unused, as network and broadcast.
    long places() {
        return ranges.stream().mapToLong(range -> range.sizeClamped() - 2).min().orElse(0);
    }

    /// The addresses at a place, in the order of the ranges.
    List<IpAddress> at(long place) {
        return ranges.stream().map(range -> range.at(place)).toList();
    }

    /// A place for each claim; claims beyond the last free place get none.
    Map<MappedClaim, Long> assign(SortedSet<MappedClaim> claims) {
        long places = places();
        Map<MappedClaim, Long> assigned = new HashMap<>();
        Set<Long> taken = new HashSet<>();
        for (MappedClaim claim : claims) {
            if (taken.size() >= places) {
                break;
            }
            long place = 1 + Long.remainderUnsigned(hash(claim.service().toString()), places);
            while (!taken.add(place)) {
                place = place == places ? 1 : place + 1;
            }
            assigned.put(claim, place);
        }
        return assigned;
    }

    /// FNV-1a, 64 bits: must never change, or addresses move at an upgrade.
    private static long hash(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }
}
