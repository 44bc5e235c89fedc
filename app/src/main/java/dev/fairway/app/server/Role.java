package dev.fairway.app.server;

/// What a server process does.
public sealed interface Role {

    /// A whole cluster on this machine.
    record Whole() implements Role {}

    /// The API and the controllers; nodes are elsewhere.
    ///
    /// @param listen the address to listen on
    /// @param port 0 for any
    record ApiOnly(String listen, int port) implements Role {}
}
