package dev.fairway.node;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.ListeningSocket;
import dev.fairway.kernel.ListeningSocket.Transport;
import dev.fairway.table.Frontend;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.List;

/// A program of the node that waits on a node port, where clients reach the Service and no longer the program.
record NodePortConflict(ServiceName service, ListeningSocket socket) {

    static List<NodePortConflict> of(
            ServiceTable table, List<IpAddress> nodePortAddresses, List<ListeningSocket> sockets) {
        List<NodePortConflict> found = new ArrayList<>();
        for (ServiceEntry entry : table.services().values()) {
            if (entry.forwarded()) {
                for (PortEntry port : entry.ports()) {
                    sockets.stream()
                            .filter(socket -> isMet(port, socket, nodePortAddresses))
                            .map(socket -> new NodePortConflict(entry.service(), socket))
                            .filter(conflict -> !found.contains(conflict))
                            .forEach(found::add);
                }
            }
        }
        return found;
    }

    private static boolean isMet(PortEntry port, ListeningSocket socket, List<IpAddress> addresses) {
        return speaks(socket.transport(), port.protocol())
                && port.frontends().stream()
                        .anyMatch(frontend -> frontend instanceof Frontend.NodePort(var family, int number)
                                && number == socket.port()
                                && addresses.stream()
                                        .filter(address -> address.family() == family)
                                        .anyMatch(address -> waitsAt(socket, address)));
    }

    private static boolean speaks(Transport transport, Protocol protocol) {
        return switch (protocol) {
            case TCP -> transport == Transport.TCP;
            case UDP -> transport == Transport.UDP;
            case SCTP -> false;
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
