package dev.fairway.api.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A WebSocket of the HTTP library, read and written by virtual threads.
final class VertxSocketPipe implements SocketPipe, AutoCloseable {

    private final ServerWebSocket socket;
    private final Inbox inbox;
    private final CloseSignal closed = new CloseSignal();

    VertxSocketPipe(ServerWebSocket socket) {
        this.socket = socket;
        this.inbox = new Inbox(socket::pause, socket::resume);
        socket.binaryMessageHandler(message -> inbox.add(message.getBytes()));
        socket.textMessageHandler(text -> inbox.add(text.getBytes(StandardCharsets.UTF_8)));
        socket.exceptionHandler(e -> end());
        socket.closeHandler(nothing -> end());
    }

    private void end() {
        inbox.end();
        closed.raise();
    }

    @Override
    public String protocol() {
        String agreed = socket.subProtocol();
        return agreed == null ? "" : agreed;
    }

    @Override
    public void write(byte[] bytes) throws IOException, InterruptedException {
        ResponsePipe.await(ResponsePipe.begun(() -> socket.writeBinaryMessage(Buffer.buffer(bytes))));
    }

    @Override
    public void writeText(byte[] utf8) throws IOException, InterruptedException {
        String text = new String(utf8, StandardCharsets.UTF_8);
        ResponsePipe.await(ResponsePipe.begun(() -> socket.writeTextMessage(text)));
    }

    @Override
    public Optional<byte[]> read() throws InterruptedException {
        return inbox.take();
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
