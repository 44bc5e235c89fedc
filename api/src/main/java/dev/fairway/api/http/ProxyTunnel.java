package dev.fairway.api.http;

import dev.fairway.api.proxy.Tunnel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// Passes bytes between a client and a backend that agreed on another protocol than HTTP, until one of them leaves.
record ProxyTunnel(Tunnel backend) {

    /// Returns when the backend is gone.
    void run(SocketPipe client) throws InterruptedException {
        client.onClose(this::close);
        Thread.ofVirtual().name("proxy-tunnel").start(() -> copy(client));
        try (backend) {
            for (Optional<byte[]> part = backend.read(); part.isPresent(); part = backend.read()) {
                client.write(part.get());
            }
        } catch (IOException e) {
            // One of them left, and so does the other.
            return;
        }
    }

    /// Ends when the client is gone: its pipe is closed after the backend has left.
    private void copy(SocketPipe client) {
        try {
            for (Optional<byte[]> part = client.read(); part.isPresent(); part = client.read()) {
                backend.write(part.get());
            }
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        try {
            backend.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
