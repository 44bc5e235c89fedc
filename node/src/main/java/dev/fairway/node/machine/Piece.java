package dev.fairway.node.machine;

import dev.fairway.kernel.LinkAddress;
import dev.fairway.kernel.Route;

/// One thing that a machine network consists of. `namespace` is a namespace's name; an empty one is this machine's own.
public sealed interface Piece {

    String namespace();

    /// A named network namespace.
    record Namespace(String namespace) implements Piece {}

    /// A kernel parameter. One that this kernel does not know (bridge filtering, IPv6) is passed over.
    record Parameter(String namespace, String name, String value) implements Piece {}

    record Bridge(String namespace, String link) implements Piece {}

    /// A pair of links, each end in a namespace.
    record Cable(String namespace, String link, String peerNamespace, String peerLink) implements Piece {}

    /// A link that is a port of a bridge.
    record Port(String namespace, String link, String bridge) implements Piece {}

    record Address(String namespace, LinkAddress address) implements Piece {}

    /// A link that is set up.
    record Up(String namespace, String link) implements Piece {}

    record Path(String namespace, Route route) implements Piece {}
}
