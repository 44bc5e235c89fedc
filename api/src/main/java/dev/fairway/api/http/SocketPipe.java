package dev.fairway.api.http;

import java.io.IOException;
import java.util.Optional;

/// A WebSocket that is served by a thread.
interface SocketPipe extends Pipe {

    /// The subprotocol both sides agreed on; empty for none.
    String protocol();

    /// One binary message.
    @Override
    void write(byte[] bytes) throws IOException, InterruptedException;

    /// One text message.
    void writeText(byte[] utf8) throws IOException, InterruptedException;

    /// The next message from the client; empty when it closed.
    Optional<byte[]> read() throws InterruptedException;
}
