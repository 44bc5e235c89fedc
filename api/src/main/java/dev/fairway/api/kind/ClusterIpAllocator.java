package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.Optional;

/// Gives out addresses of the service ranges.
final class ClusterIpAllocator {

    static final String PREFIX = "/alloc/ip/";

    private final ServiceRanges ranges;

    ClusterIpAllocator(ServiceRanges ranges) {
        this.ranges = ranges;
    }

    static String key(IpAddress address) {
        return PREFIX + address;
    }

    /// Takes exactly this address.
    ///
    /// @return what stands against it; empty when it was taken
    Optional<String> take(Claims claims, IpAddress address) {
        Optional<Cidr> range = ranges.range(address.family());
        if (range.isEmpty() || !isUsable(range.get(), address)) {
            String valid = range.map(Cidr::toString)
                    .orElse("empty for " + address.family().apiName());
            return Optional.of(
                    "the provided IP (" + address + ") is not in the valid range. The range of valid IPs is " + valid);
        }
        if (claims.scope().dryRun()) {
            return Optional.empty();
        }
        if (!claims.isFree(key(address))) {
            return Optional.of("provided IP is already allocated");
        }
        claims.take(key(address));
        return Optional.empty();
    }

    /// Takes any address of the range: the Service's reserved one if it is free, else a random one. A dry run gets the
    /// range's base address.
    ///
    /// @return empty when the range is full
    Optional<IpAddress> takeAny(Claims claims, Cidr range, String serviceName) {
        if (claims.scope().dryRun()) {
            return Optional.of(range.base());
        }
        Optional<IpAddress> own = Optional.ofNullable(ranges.reserved().get(serviceName))
                .filter(range::contains)
                .filter(address -> claims.isFree(key(address)));
        Optional<IpAddress> found = own.isPresent() ? own : search(claims, range);
        found.ifPresent(address -> claims.take(key(address)));
        return found;
    }

    private Optional<IpAddress> search(Claims claims, Cidr range) {
        long unusable = range.base().isV4() ? 2 : 1;
        long count = Math.max(0, range.sizeClamped() - unusable);
        // the bands are cut for all addresses of the range, the numbers count from the first usable one
        Band band = new Band(
                count, Math.min(count, Band.ofAddresses(range.sizeClamped()).reserved()));
        return band.find(claims.scope().random(), index -> {
                    IpAddress address = range.at(index + 1);
                    return !ranges.reserved().containsValue(address) && claims.isFree(key(address));
                })
                .map(index -> range.at(index + 1));
    }

    /// The network address is not, and of IPv4 the broadcast address neither.
    private static boolean isUsable(Cidr range, IpAddress address) {
        boolean broadcast = address.isV4() && address.equals(range.last());
        return range.contains(address) && !address.equals(range.base()) && !broadcast;
    }
}
