package dev.fairway.api.kind;

import java.util.Optional;

/// Gives out node ports. A number belongs to one Service, for all protocols.
final class NodePortAllocator {

    static final String FULL = "range is full";

    private final ServiceRanges ranges;

    NodePortAllocator(ServiceRanges ranges) {
        this.ranges = ranges;
    }

    /// Takes exactly this port.
    ///
    /// @return what stands against it; empty when it was taken
    Optional<String> take(Claims claims, long port) {
        if (port < ranges.nodePortFrom() || port > ranges.nodePortTo()) {
            return Optional.of("provided port is not in the valid range. The range of valid ports is "
                    + ranges.nodePortFrom() + "-" + ranges.nodePortTo());
        }
        if (!claims.isFree(Claims.key(port))) {
            return Optional.of("provided port is already allocated");
        }
        claims.take(port);
        return Optional.empty();
    }

    /// Takes any port, at random.
    ///
    /// @return empty when the range is full
    Optional<Long> takeAny(Claims claims) {
        Band band = Band.ofPorts(ranges.nodePortTo() - ranges.nodePortFrom() + 1L);
        Optional<Long> found = band.find(
                        claims.scope().random(), index -> claims.isFree(Claims.key(ranges.nodePortFrom() + index)))
                .map(index -> ranges.nodePortFrom() + index);
        found.ifPresent(claims::take);
        return found;
    }
}
