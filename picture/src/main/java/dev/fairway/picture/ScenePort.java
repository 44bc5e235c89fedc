package dev.fairway.picture;

import dev.fairway.table.Protocol;

/// A port of a Service.
///
/// @param target a number or a port's name
/// @param nodePort 0 for none
public record ScenePort(String name, Protocol protocol, int port, String target, int nodePort) {

    /// `3000 -> 443`, with the protocol when it is not TCP.
    public String words(String arrow) {
        return port + protocolWords() + " " + arrow + " " + target;
    }

    public String protocolWords() {
        return protocol == Protocol.TCP ? "" : "/" + protocol;
    }
}
