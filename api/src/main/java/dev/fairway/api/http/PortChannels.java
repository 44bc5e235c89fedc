package dev.fairway.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Port-forward as the older WebSocket protocol has it: ports are named in the request; each has a data and an error
/// stream, numbered 2 i and 2 i + 1; the first message on each tells its port, little-endian.
final class PortChannels {

    static final String PROTOCOL = "v4.channel.k8s.io";

    private static final Logger LOG = LoggerFactory.getLogger(PortChannels.class);
    private static final int CHUNK_BYTES = 32 * 1024;

    private final SocketPipe pipe;
    private final PortConnector pod;
    private final List<ByteChannel> connections = new ArrayList<>();

    PortChannels(SocketPipe pipe, PortConnector pod) {
        this.pipe = pipe;
        this.pod = pod;
    }

    /// Returns when the client is gone.
    void run(List<Integer> ports) throws InterruptedException {
        pipe.onClose(this::closeAll);
        try {
            for (int i = 0; i < ports.size(); i++) {
                open(i, ports.get(i));
            }
            Optional<byte[]> message = pipe.read();
            while (message.isPresent()) {
                take(message.get());
                message = pipe.read();
            }
        } catch (IOException e) {
            LOG.debug("a port-forward ended: {}", e.toString());
        } finally {
            closeAll();
        }
    }

    private void open(int index, int port) throws IOException, InterruptedException {
        byte[] number = {(byte) port, (byte) (port >> 8)};
        send(2 * index, number);
        send(2 * index + 1, number);
        ByteChannel connection;
        try {
            connection = pod.connect(port);
        } catch (IOException e) {
            String text = "cannot connect to port " + port + " of the pod: " + e.getMessage();
            send(2 * index + 1, text.getBytes(StandardCharsets.UTF_8));
            throw e;
        }
        synchronized (connections) {
            connections.add(connection);
        }
        Thread.ofVirtual().name("port-forward").start(() -> copy(connection, index));
    }

    private void copy(ByteChannel connection, int index) {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
        try {
            while (connection.read(buffer) >= 0) {
                byte[] bytes = new byte[buffer.flip().remaining()];
                buffer.get(bytes).clear();
                send(2 * index, bytes);
            }
        } catch (IOException e) {
            LOG.debug("a forwarded connection ended: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(byte[] message) throws IOException {
        int channel = message.length == 0 ? -1 : message[0] & 0xff;
        if (channel >= 0 && channel % 2 == 0 && channel / 2 < connections.size()) {
            ByteBuffer bytes = ByteBuffer.wrap(message, 1, message.length - 1);
            while (bytes.hasRemaining()) {
                connections.get(channel / 2).write(bytes);
            }
        }
    }

    private void send(int channel, byte[] bytes) throws IOException, InterruptedException {
        byte[] message = new byte[bytes.length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, bytes.length);
        pipe.write(message);
    }

    private void closeAll() {
        synchronized (connections) {
            for (ByteChannel connection : connections) {
                try {
                    connection.close();
                } catch (IOException e) {
                    LOG.debug("a forwarded connection did not close cleanly: {}", e.toString());
                }
            }
        }
    }
}
