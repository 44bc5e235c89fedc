package dev.fairway.node;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.dns.Upstream;
import java.util.List;

/// What every node of a cluster knows of the cluster's addresses and names. Lists hold both families.
///
/// @param podRanges the blocks of all nodes' pods
/// @param serviceRanges where cluster IPs come from
/// @param insideNetworks over which nodes reach each other
/// @param externalNameRanges where ExternalName Services with translated ports get their addresses
/// @param dnsAddresses where the cluster's DNS answers; every node has them on its loopback
/// @param domain `cluster.local`
/// @param upstreams who is asked for names outside the cluster
public record ClusterNetwork(
        List<Cidr> podRanges,
        List<Cidr> serviceRanges,
        List<Cidr> insideNetworks,
        List<Cidr> externalNameRanges,
        List<IpAddress> dnsAddresses,
        String domain,
        List<Upstream> upstreams) {

    public ClusterNetwork {
        podRanges = List.copyOf(podRanges);
        serviceRanges = List.copyOf(serviceRanges);
        insideNetworks = List.copyOf(insideNetworks);
        externalNameRanges = List.copyOf(externalNameRanges);
        dnsAddresses = List.copyOf(dnsAddresses);
        upstreams = List.copyOf(upstreams);
    }
}
