package dev.fairway.api.kind;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Gives out node ports. A number is taken for one protocol at a time; one found by search is free for all.
final class NodePortAllocator {

    static final String PREFIX = "/alloc/nodeport/";
    private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");

    private final ServiceRanges ranges;

    NodePortAllocator(ServiceRanges ranges) {
        this.ranges = ranges;
    }

    static String key(long port, String protocol) {
        return PREFIX + port + "/" + protocol.toLowerCase(Locale.ROOT);
    }

    /// Takes exactly this port; a port that the owner holds already is no error.
    ///
    /// @return what stands against it; empty when it was taken
    Optional<String> take(Claims claims, long port, String protocol) {
        if (port < ranges.nodePortFrom() || port > ranges.nodePortTo()) {
            return Optional.of("provided port is not in the valid range. The range of valid ports is "
                    + ranges.nodePortFrom() + "-" + ranges.nodePortTo());
        }
        String key = key(port, protocol);
        if (claims.isOwn(key)) {
            return Optional.empty();
        }
        if (!claims.isFree(key)) {
            return Optional.of("provided port is already allocated");
        }
        claims.take(key);
        return Optional.empty();
    }

    /// Takes any port, at random.
    ///
    /// @return empty when the range is full
    Optional<Long> takeAny(Claims claims, String protocol) {
        Band band = Band.ofPorts(ranges.nodePortTo() - ranges.nodePortFrom() + 1L);
        Optional<Long> found = band.find(
                        claims.scope().random(),
                        index -> PROTOCOLS.stream()
                                .allMatch(each -> claims.isFree(key(ranges.nodePortFrom() + index, each))))
                .map(index -> ranges.nodePortFrom() + index);
        found.ifPresent(port -> claims.take(key(port, protocol)));
        return found;
    }
}
