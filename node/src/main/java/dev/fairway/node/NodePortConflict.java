package dev.fairway.node;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.ListeningSocket;
import dev.fairway.kernel.ListeningSocket.Transport;
import dev.fairway.node.NodePortIndex.At;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A program of the node that waits on a node port, where clients reach the Service and no longer the program.
record NodePortConflict(ServiceName service, ListeningSocket socket) {

    static List<NodePortConflict> of(
            NodePortIndex nodePorts, List<IpAddress> nodePortAddresses, List<ListeningSocket> sockets) {
        Set<NodePortConflict> found = new LinkedHashSet<>();
        for (ListeningSocket socket : sockets) {
            nodePortAddresses.stream()
                    .filter(address -> waitsAt(socket, address))
                    .map(address -> new At(address.family(), protocol(socket.transport()), socket.port()))
                    .flatMap(at -> nodePorts.services().at(at).stream())
                    .forEach(service -> found.add(new NodePortConflict(service, socket)));
        }
        return List.copyOf(found);
    }

    private static Protocol protocol(Transport transport) {
        return switch (transport) {
            case TCP -> Protocol.TCP;
            case UDP -> Protocol.UDP;
        };
    }

    /// A socket on all addresses of IPv6 mostly takes those of IPv4 as well.
    private static boolean waitsAt(ListeningSocket socket, IpAddress address) {
        IpAddress at = socket.address();
        return at.equals(address) || at.isUnspecified() && (at.family() == address.family() || !at.isV4());
    }

    /// @param who the program
    String toText(String node, String who) {
        return who + " listens on port " + socket.port() + "/" + socket.transport() + " of node " + node
                + ", which is a node port of this Service: its clients reach the Service instead."
                + " Stop it, or give the Service another nodePort";
    }
}
