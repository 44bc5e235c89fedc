package dev.fairway.app.trace;

import dev.fairway.address.IpAddress;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.LinkAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.node.Prediction;
import dev.fairway.schema.Meta;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Which network namespace of this machine is a node.
public final class LocalNode {

    private LocalNode() {}

    /// A namespace is the node if it has its addresses: the name alone may be that of another cluster's.
    ///
    /// @param cluster of this machine's state folder
    public static Optional<NetworkNamespace> find(Optional<ClusterConfig> cluster, ObjectNode node) {
        List<IpAddress> wanted = Prediction.addresses(node);
        NetworkNamespace candidate =
                cluster.flatMap(config -> named(config, Meta.name(node))).orElse(NetworkNamespace.host());
        return Optional.of(candidate)
                .filter(it -> !wanted.isEmpty() && addresses(it).containsAll(wanted));
    }

    private static Optional<NetworkNamespace> named(ClusterConfig cluster, String node) {
        return NetworkNamespace.find(cluster.name() + "-" + node);
    }

    static List<IpAddress> addresses(NetworkNamespace namespace) {
        try (Rtnetlink links = Rtnetlink.open(namespace)) {
            return links.addresses().stream().map(LinkAddress::address).toList();
        } catch (KernelException gone) {
            return List.of();
        }
    }
}
