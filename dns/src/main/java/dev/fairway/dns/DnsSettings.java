package dev.fairway.dns;

import dev.fairway.address.Cidr;
import java.util.List;

/// @param domain the cluster domain: `cluster.local`
/// @param reverseRanges Service and pod ranges: unknown reverse names in them do not exist, others are asked upstream
/// @param upstreams in the order in which they are asked, as in resolv.conf; none: names outside the cluster are
///     answered SERVFAIL, which clients treat as "try later" and do not remember
public record DnsSettings(String domain, List<Cidr> reverseRanges, List<Upstream> upstreams) {

    public DnsSettings {
        reverseRanges = List.copyOf(reverseRanges);
        upstreams = List.copyOf(upstreams);
    }
}
