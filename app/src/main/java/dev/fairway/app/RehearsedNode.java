package dev.fairway.app;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Route;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.node.machine.MachineCable;
import dev.fairway.node.pod.PodNamespace;
import java.io.IOException;
import java.net.ServerSocket;

/// A node without programs, with a pod and the edge beside it: what commands look into, in a kernel that takes their
/// packets and leads them nowhere. Gone when it is closed.
///
/// @param cluster by which the namespaces of all three are named
/// @param socket waits in the pod
record RehearsedNode(
        String cluster, NetworkNamespace node, NetworkNamespace edge, NetworkNamespace pod, ServerSocket socket)
        implements AutoCloseable {

    /// Of a range for documentation (RFC 5737).
    static final String ADDRESS = "192.0.2.1";

    private static final String LOOPBACK = "lo";
    private static final Cidr SERVICES = Cidr.parse("10.0.0.0/8");
    private static final int PORT = 80;

    /// @param name of the node
    /// @param uid of a pod on it
    /// @throws IOException when nobody may wait in the pod
    /// @throws dev.fairway.kernel.KernelException when no namespaces may be made
    static RehearsedNode make(String name, String uid) throws IOException {
        String cluster = "fwr" + ProcessHandle.current().pid();
        NetworkNamespace node = NetworkNamespace.create(cluster + "-" + name);
        NetworkNamespace edge = NetworkNamespace.create(cluster + "-" + MachineCable.EDGE);
        NetworkNamespace pod = NetworkNamespace.create(PodNamespace.name(cluster, uid));
        try (Rtnetlink links = Rtnetlink.open(node)) {
            links.setUp(LOOPBACK);
            links.addAddress(LOOPBACK, IpAddress.parse(ADDRESS), 32);
            links.addRoute(Route.direct(SERVICES, LOOPBACK));
        }
        return new RehearsedNode(cluster, node, edge, pod, pod.call(() -> new ServerSocket(PORT)));
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (NetworkNamespace namespace : new NetworkNamespace[] {pod, edge, node}) {
            NetworkNamespace.remove(namespace.name());
        }
    }
}
