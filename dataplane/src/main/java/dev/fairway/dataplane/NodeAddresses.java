package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.List;
import java.util.Optional;

/// What the data plane must know of its node and of the cluster's addresses; both families together.
///
/// @param nodePorts the addresses on which node ports answer: the node's inside and outside addresses
/// @param ownPods the blocks of this node's pods: they may use every endpoint of an external address
/// @param pods the blocks of all pods of the cluster: traffic from them to a cluster IP keeps its source
/// @param services where cluster IPs come from: what goes to one that no Service has is dropped
/// @param cluster what pods reach with their own address: pod blocks, Service range, inside network. Pods' traffic to
///     anything else leaves with the node's address; if this is empty, all that no Service translated keeps its source
/// @param podLink the link over which this node's pods send, or its first letters and `*`: they are told by it, and not
///     by the blocks of all pods; on their way out by their own blocks, too
/// @param masqueradeAll nobody's source is kept on the way to a cluster IP
public record NodeAddresses(
        List<IpAddress> nodePorts,
        List<Cidr> ownPods,
        List<Cidr> pods,
        List<Cidr> services,
        List<Cidr> cluster,
        Optional<String> podLink,
        boolean masqueradeAll) {

    /// Pods are told by their blocks, and keep their source on the way to cluster IPs.
    public NodeAddresses(
            List<IpAddress> nodePorts, List<Cidr> ownPods, List<Cidr> pods, List<Cidr> services, List<Cidr> cluster) {
        this(nodePorts, ownPods, pods, services, cluster, Optional.empty(), false);
    }

    public NodeAddresses {
        nodePorts = List.copyOf(nodePorts);
        ownPods = List.copyOf(ownPods);
        services = List.copyOf(services);
        pods = List.copyOf(pods);
        cluster = List.copyOf(cluster);
    }
}
