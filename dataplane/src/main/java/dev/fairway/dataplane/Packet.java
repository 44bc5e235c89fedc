package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.table.Protocol;

/// The first packet of a connection.
///
/// @param fromNode a process of the node itself sends it; else it comes in over a link
/// @param link over which it comes in; empty when that is not known, or the node sends it
/// @param port the destination's
public record Packet(
        boolean fromNode, String link, IpAddress source, IpAddress destination, Protocol protocol, int port) {

    /// Over a link that is not known.
    public Packet(boolean fromNode, IpAddress source, IpAddress destination, Protocol protocol, int port) {
        this(fromNode, "", source, destination, protocol, port);
    }

    Packet to(IpAddress address, int otherPort) {
        return new Packet(fromNode, link, source, address, protocol, otherPort);
    }
}
