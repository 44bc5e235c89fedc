package dev.fairway.api.http;

import java.io.IOException;

/// The way back to a client that reads a long answer. Writes block while the client is slow.
interface Pipe {

    /// @throws IOException when the client is gone
    void write(byte[] bytes) throws IOException, InterruptedException;

    /// The client went away, or the server is closing.
    boolean isClosed();

    /// Called once when the client goes away, at once if it is gone already.
    void onClose(Runnable action);
}
