package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.store.Store;
import java.util.List;
import java.util.Optional;

/// Gives out addresses of the service ranges. Never looks at all addresses that are taken, only at those it tries.
final class ClusterIpAllocator {

    private final ServiceRanges ranges;
    private volatile Known known;

    /// The blocks that follow from the ServiceCIDR objects as they were last. The same entries give the same blocks.
    private record Known(List<Store.Entry> objects, ServiceCidrs cidrs) {}

    ClusterIpAllocator(ServiceRanges ranges) {
        this.ranges = ranges;
        this.known = new Known(List.of(), ServiceCidrs.of(List.of(), ranges));
    }

    private ServiceCidrs cidrs(Claims claims) {
        List<Store.Entry> objects = claims.scope().list(ServiceCidrs.PREFIX).entries();
        Known last = known;
        if (!last.objects.equals(objects)) {
            last = new Known(objects, ServiceCidrs.of(objects, ranges));
            known = last;
        }
        return last.cidrs;
    }

    /// Takes exactly this address. A dry run only looks whether it is in a range.
    ///
    /// @return what stands against it; empty when it was taken
    Optional<String> take(Claims claims, IpAddress address) {
        Optional<ServiceCidrs.Block> block = cidrs(claims).with(address);
        if (block.isEmpty()) {
            return Optional.of("the provided network does not match the current range");
        }
        if (claims.scope().dryRun()) {
            return Optional.empty();
        }
        if (!claims.isFree(Claims.key(address))) {
            return Optional.of("provided IP is already allocated");
        }
        take(claims, block.get(), address);
        return Optional.empty();
    }

    /// Takes any address of the family: the Service's reserved one if it is free, else a random one. A dry run gets the
    /// base address of the first block.
    ///
    /// @return empty when all blocks are full
    Optional<IpAddress> takeAny(Claims claims, IpFamily family) {
        List<ServiceCidrs.Block> blocks = cidrs(claims).of(family);
        if (claims.scope().dryRun()) {
            return blocks.stream().map(block -> block.cidr().base()).findFirst();
        }
        for (ServiceCidrs.Block block : blocks) {
            Optional<IpAddress> found = reserved(claims, block).or(() -> search(claims, block.cidr()));
            if (found.isPresent()) {
                take(claims, block, found.get());
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<IpAddress> reserved(Claims claims, ServiceCidrs.Block block) {
        return Optional.ofNullable(ranges.reserved().get(claims.namespace() + "/" + claims.name()))
                .filter(block::offers)
                .filter(address -> claims.isFree(Claims.key(address)));
    }

    private Optional<IpAddress> search(Claims claims, Cidr range) {
        long unusable = range.base().isV4() ? 2 : 1;
        long count = Math.max(0, range.sizeClamped() - unusable);
        // the bands are cut for all addresses of the range, the numbers count from the first usable one
        Band band = new Band(
                count, Math.min(count, Band.ofAddresses(range.sizeClamped()).reserved()));
        return band.find(claims.scope().random(), index -> {
                    IpAddress address = range.at(index + 1);
                    return !ranges.reserved().containsValue(address) && claims.isFree(Claims.key(address));
                })
                .map(index -> range.at(index + 1));
    }

    private static void take(Claims claims, ServiceCidrs.Block block, IpAddress address) {
        block.still().ifPresent(claims.scope()::require);
        claims.take(address);
    }
}
