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
/// @param forwarding where node ports answer, and whose source is kept
/// @param podBlocks this node's pods; those of the Node if there are none
/// @param network its pod ranges may be empty: then they are the node's own blocks. Its Service ranges hold until the
///     API has ServiceCIDRs
/// @param dnsListen the addresses on which DNS answers here; the namespace has them
/// @param podsLeaveAsNode whether pods' traffic that leaves the cluster gets the node's address
public record ProxySpec(
        String name,
        NetworkNamespace namespace,
        String zone,
        Forwarding forwarding,
        List<Cidr> podBlocks,
        ClusterNetwork network,
        List<IpAddress> dnsListen,
        boolean podsLeaveAsNode) {

    public ProxySpec {
        podBlocks = List.copyOf(podBlocks);
        dnsListen = List.copyOf(dnsListen);
    }

    /// What kube-proxy's options say, too.
    ///
    /// @param localhostNodePorts node ports answer on 127.0.0.1 as well, for the node's own programs
    /// @param pods how pods are told from others
    /// @param masqueradeAll nobody's source is kept on the way to a cluster IP
    public record Forwarding(
            NodePortAddresses nodePorts, boolean localhostNodePorts, PodDetection pods, boolean masqueradeAll) {

        /// As kube-proxy without options.
        public static Forwarding on(NodePortAddresses nodePorts) {
            return new Forwarding(nodePorts, false, new PodDetection.ByBlocks(), false);
        }
    }

    /// By what a connection from a pod is known: kube-proxy's `--detect-local-mode`.
    public sealed interface PodDetection {

        /// By the blocks of all pods, or those of the Node when none are told.
        record ByBlocks() implements PodDetection {}

        /// By the blocks of the Node.
        record ByNodeBlocks() implements PodDetection {}

        /// By the link over which it comes.
        ///
        /// @param name of the pods' bridge, or the first letters of their links' names and `*`
        record ByLink(String name) implements PodDetection {}
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
