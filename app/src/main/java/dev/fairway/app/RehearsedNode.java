package dev.fairway.app;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Route;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.node.machine.MachineCable;
import dev.fairway.node.pod.PodNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// A node without programs, with a pod and the edge beside it: what commands look into, in a kernel that takes their
/// packets and leads them nowhere. Gone when it is closed.
///
/// @param cluster by which the namespaces of all three are named
/// @param namespaces those that are there already
/// @param sockets wait in the pod
record RehearsedNode(String cluster, List<NetworkNamespace> namespaces, List<ServerSocket> sockets)
        implements AutoCloseable {

    /// Of a range for documentation (RFC 5737).
    static final String ADDRESS = "192.0.2.1";

    private static final String LOOPBACK = "lo";
    private static final Cidr SERVICES = Cidr.parse("10.0.0.0/8");
    private static final int PORT = 80;

    /// @param name of the node
    /// @param uid of a pod on it
    /// @throws IOException when nobody may wait in the pod
    /// @throws KernelException when no namespaces may be made
    /// @throws UncheckedIOException when there is no folder for their names
    static RehearsedNode make(String name, String uid) throws IOException {
        RehearsedNode made =
                new RehearsedNode("fwr" + ProcessHandle.current().pid(), new ArrayList<>(), new ArrayList<>());
        try {
            made.fill(name, uid);
            return made;
        } catch (IOException | KernelException | UncheckedIOException e) {
            made.close();
            throw e;
        }
    }

    private void fill(String name, String uid) throws IOException {
        NetworkNamespace node = namespace(cluster + "-" + name);
        namespace(cluster + "-" + MachineCable.EDGE);
        try (Rtnetlink links = Rtnetlink.open(node)) {
            links.setUp(LOOPBACK);
            links.addAddress(LOOPBACK, IpAddress.parse(ADDRESS), 32);
            links.addRoute(Route.direct(SERVICES, LOOPBACK));
        }
        sockets.add(namespace(PodNamespace.name(cluster, uid)).call(() -> new ServerSocket(PORT)));
    }

    private NetworkNamespace namespace(String name) {
        NetworkNamespace made = NetworkNamespace.create(name);
        namespaces.add(made);
        return made;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        namespaces.forEach(namespace -> NetworkNamespace.remove(namespace.name()));
        NetworkNamespace.removeEmptyFolder();
    }
}
