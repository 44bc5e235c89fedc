package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where Services get their addresses and node ports from.
///
/// @param clusterRanges one or two, of different families, the primary first
/// @param nodePortFrom first node port
/// @param nodePortTo last node port
/// @param reserved by `namespace/name`: the address this Service gets when it asks for any, and no other gets so
public record ServiceRanges(
        List<Cidr> clusterRanges, int nodePortFrom, int nodePortTo, Map<String, IpAddress> reserved) {

    /// 10.96.0.0/16 and fd00:10:96::/112; node ports 30000-32767.
    public static final ServiceRanges USUAL = new ServiceRanges(
            List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:10:96::/112")), 30_000, 32_767, Map.of());

    public ServiceRanges {
        clusterRanges = List.copyOf(clusterRanges);
        reserved = Map.copyOf(reserved);
        boolean twins = clusterRanges.size() == 2
                && clusterRanges.get(0).family() == clusterRanges.get(1).family();
        if (clusterRanges.isEmpty() || clusterRanges.size() > 2 || twins) {
            throw new IllegalArgumentException(
                    "service ranges " + clusterRanges + ": give one, or two of different families");
        }
        if (nodePortFrom < 1 || nodePortTo > 65_535 || nodePortFrom > nodePortTo) {
            throw new IllegalArgumentException(
                    "node port range " + nodePortFrom + "-" + nodePortTo + " is not within 1-65535");
        }
    }

    List<IpFamily> families() {
        return clusterRanges.stream().map(Cidr::family).toList();
    }

    Optional<Cidr> range(IpFamily family) {
        return clusterRanges.stream().filter(range -> range.family() == family).findFirst();
    }
}
