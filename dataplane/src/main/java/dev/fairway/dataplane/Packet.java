package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Protocol;

/// The first packet of a connection.
///
/// @param fromNode a process of the node itself sends it; else it comes in over a link
/// @param port the destination's
public record Packet(boolean fromNode, IpAddress source, IpAddress destination, Protocol protocol, int port) {

    Packet to(IpAddress address, int otherPort) {
        return new Packet(fromNode, source, address, protocol, otherPort);
    }
}
