package dev.fairway.api.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/// A WebSocket of the HTTP library, read and written by virtual threads.
final class VertxSocketPipe implements SocketPipe, AutoCloseable {

    /// Messages taken ahead of the reader; while more wait, the client is not read.
    private static final int AHEAD_MAX = 64;

    private final ServerWebSocket socket;
    private final LinkedBlockingQueue<Optional<byte[]>> messages = new LinkedBlockingQueue<>();
    private final CloseSignal closed = new CloseSignal();

    VertxSocketPipe(ServerWebSocket socket) {
        this.socket = socket;
        socket.binaryMessageHandler(message -> take(message.getBytes()));
        socket.textMessageHandler(text -> take(text.getBytes(StandardCharsets.UTF_8)));
        socket.exceptionHandler(e -> end());
        socket.closeHandler(nothing -> end());
    }

    private void take(byte[] message) {
        messages.add(Optional.of(message));
        if (messages.size() >= AHEAD_MAX) {
            socket.pause();
            resumeWhenFew(); // the reader may have taken all of them before the pause, and would wait for ever
        }
    }

    private void resumeWhenFew() {
        if (messages.size() < AHEAD_MAX / 2) {
            socket.resume();
        }
    }

    private void end() {
        messages.add(Optional.empty());
        closed.raise();
    }

    @Override
    public String protocol() {
        String agreed = socket.subProtocol();
        return agreed == null ? "" : agreed;
    }

    @Override
    public void write(byte[] bytes) throws IOException, InterruptedException {
        ResponsePipe.await(socket.writeBinaryMessage(Buffer.buffer(bytes)));
    }

    @Override
    public void writeText(byte[] utf8) throws IOException, InterruptedException {
        ResponsePipe.await(socket.writeTextMessage(new String(utf8, StandardCharsets.UTF_8)));
    }

    @Override
    public Optional<byte[]> read() throws InterruptedException {
        Optional<byte[]> message = messages.take();
        if (message.isEmpty()) {
            // Whoever reads again learns it again.
            messages.add(message);
        } else {
            resumeWhenFew();
        }
        return message;
    }

    @Override
    public boolean isClosed() {
        return closed.isRaised();
    }

    @Override
    public void onClose(Runnable action) {
        closed.onRaise(action);
    }

    @Override
    public void close() {
        if (!socket.isClosed()) {
            socket.close();
        }
    }
}
