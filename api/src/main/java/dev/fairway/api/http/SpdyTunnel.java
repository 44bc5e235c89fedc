package dev.fairway.api.http;

import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Port-forward over SPDY/3.1: its frames are on the connection itself, or since kubectl 1.31 inside the messages of a
/// WebSocket. Each forwarded connection is a pair of streams with the same `requestid`: `error`, then `data`.
final class SpdyTunnel {

    /// Inside a WebSocket.
    static final String PROTOCOL = "SPDY/3.1+portforward.k8s.io";

    /// On the connection itself.
    static final String BARE_PROTOCOL = "portforward.k8s.io";

    private static final Logger LOG = LoggerFactory.getLogger(SpdyTunnel.class);
    private static final int CHUNK_BYTES = 32 * 1024;

    private final SpdyLink link;
    private final PortConnector pod;

    /// Error stream by request id, and connection by data stream. Only the reading thread uses them.
    private final Map<String, Integer> errorStreams = new HashMap<>();

    private final Map<Integer, ByteChannel> connections = new HashMap<>();

    SpdyTunnel(SocketPipe pipe, PortConnector pod) {
        this.link = new SpdyLink(pipe);
        this.pod = pod;
    }

    /// Returns when the client is gone.
    void run() throws InterruptedException {
        try {
            Optional<SpdyFrame> frame = link.read();
            while (frame.isPresent()) {
                take(frame.get());
                frame = link.read();
            }
        } catch (IOException e) {
            LOG.debug("a port-forward ended: {}", e.toString());
        } finally {
            connections.values().forEach(SpdyTunnel::close);
            link.close();
        }
    }

    private void take(SpdyFrame frame) throws IOException, InterruptedException {
        switch (frame) {
            case SpdySynStreamFrame opened -> open(opened);
            case SpdyDataFrame data -> take(data);
            case SpdyRstStreamFrame reset -> {
                ByteChannel connection = connections.remove(reset.streamId());
                if (connection != null) {
                    close(connection);
                }
            }
            default -> LOG.debug("ignoring {}", frame);
        }
    }

    private void open(SpdySynStreamFrame opened) throws IOException, InterruptedException {
        String type = SpdyLink.header(opened, "streamtype");
        String request = SpdyLink.header(opened, "requestid");
        link.accept(opened);
        if (type.equals("error")) {
            errorStreams.put(request, opened.streamId());
        } else if (type.equals("data")) {
            connect(opened.streamId(), errorStreams.getOrDefault(request, 0), SpdyLink.header(opened, "port"));
        }
    }

    private void connect(int stream, int errorStream, String port) throws IOException, InterruptedException {
        try {
            ByteChannel connection = pod.connect(Integer.parseInt(port));
            connections.put(stream, connection);
            Thread.ofVirtual().name("port-forward").start(() -> copy(connection, stream, errorStream));
        } catch (IOException | NumberFormatException e) {
            String text = "cannot connect to port " + port + " of the pod: " + e.getMessage();
            link.send(errorStream, text.getBytes(StandardCharsets.UTF_8), true);
            link.send(stream, new byte[0], true);
        }
    }

    private void copy(ByteChannel connection, int stream, int errorStream) {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
        try {
            try {
                while (connection.read(buffer) >= 0) {
                    byte[] bytes = new byte[buffer.flip().remaining()];
                    buffer.get(bytes).clear();
                    link.send(stream, bytes, false);
                }
            } catch (IOException e) {
                LOG.debug("a forwarded connection ended: {}", e.toString());
            }
            link.send(stream, new byte[0], true);
            link.send(errorStream, new byte[0], true);
        } catch (IOException e) {
            LOG.debug("a port-forward's client is gone: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(SpdyDataFrame data) throws IOException {
        ByteChannel connection = connections.get(data.streamId());
        try {
            if (connection != null) {
                ByteBuffer bytes = data.content().nioBuffer();
                while (bytes.hasRemaining()) {
                    connection.write(bytes);
                }
                if (data.isLast()) {
                    shutdownOutput(connection);
                }
            }
        } catch (IOException e) {
            LOG.debug("a forwarded connection takes no more: {}", e.toString());
        } finally {
            data.release();
        }
    }

    /// The client has said all; the pod may still answer.
    private static void shutdownOutput(ByteChannel connection) throws IOException {
        if (connection instanceof SocketChannel socket) {
            socket.shutdownOutput();
        }
    }

    private static void close(ByteChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("a forwarded connection did not close cleanly: {}", e.toString());
        }
    }
}
