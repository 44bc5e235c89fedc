package dev.fairway.dns;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.List;

/// What a zone is, apart from the Services in it.
///
/// @param domain the cluster domain, `cluster.local`
/// @param servers the DNS Service's addresses, as the address of the zone's name server
/// @param reverseRanges Service and pod ranges: reverse names in them are ours, others go upstream
public record ZoneSettings(DnsName domain, List<IpAddress> servers, List<Cidr> reverseRanges) {

    /// Seconds. Short, because clients keep what they have heard, whatever happens to a pod.
    public static final int TTL_SECONDS = 5;

    public ZoneSettings {
        servers = List.copyOf(servers);
        reverseRanges = List.copyOf(reverseRanges);
    }
}
