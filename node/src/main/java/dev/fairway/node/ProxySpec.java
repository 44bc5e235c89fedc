package dev.fairway.node;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import java.util.List;

/// What the part of a node that forwards and resolves is told. What it is not told it takes from the API.
///
/// @param name the Node's
/// @param namespace in which the node lives; the machine's own for a real node
/// @param zone until the Node is known
/// @param nodePorts on which addresses node ports answer
/// @param podBlocks this node's pods; those of the Node if there are none
/// @param network its pod ranges may be empty: then they are the node's own blocks. Its Service ranges hold until the
///     API has ServiceCIDRs
/// @param dnsListen the addresses on which DNS answers here; the namespace has them
/// @param podsLeaveAsNode whether pods' traffic that leaves the cluster gets the node's address
public record ProxySpec(
        String name,
        NetworkNamespace namespace,
        String zone,
        NodePortAddresses nodePorts,
        List<Cidr> podBlocks,
        ClusterNetwork network,
        List<IpAddress> dnsListen,
        boolean podsLeaveAsNode) {

    public ProxySpec {
        podBlocks = List.copyOf(podBlocks);
        dnsListen = List.copyOf(dnsListen);
    }

    /// Which of a node's addresses are for node ports.
    public sealed interface NodePortAddresses {

        /// These.
        record Fixed(List<IpAddress> addresses) implements NodePortAddresses {
            public Fixed {
                addresses = List.copyOf(addresses);
            }
        }

        /// The first address of each family that the Node says, internal ones before external ones; as in kube-proxy's
        /// `--nodeport-addresses=primary`.
        record Primary() implements NodePortAddresses {}

        /// Those of the node's links that are in these blocks, without loopback.
        record Within(List<Cidr> blocks) implements NodePortAddresses {
            public Within {
                blocks = List.copyOf(blocks);
            }
        }
    }
}
