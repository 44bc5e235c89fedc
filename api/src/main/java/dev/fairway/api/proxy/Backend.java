package dev.fairway.api.proxy;

import java.io.IOException;
import java.nio.channels.ByteChannel;

/// Where a proxied request goes.
///
/// @param tls the backend speaks TLS; who it is, is not checked: the way to it leads through its own node
/// @param connector opens a connection to it
public record Backend(boolean tls, Connector connector) {

    /// Opens one connection.
    public interface Connector {
        ByteChannel connect() throws IOException;
    }
}
