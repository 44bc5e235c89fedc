package dev.fairway.dns;

import dev.fairway.dns.Responder.Response;
import dev.fairway.dns.Responder.Transport;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One TCP socket (RFC 7766). A connection may ask many questions; idle ones are closed, and so is the oldest when
/// there
/// are too many, so that silent clients cannot keep others out.
final class TcpListener implements AutoCloseable {

    static final int MAX_CONNECTIONS = 256;

    private static final int IDLE_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);

    private final ServerSocketChannel channel;
    private final Responder responder;
    private final Semaphore slots;
    private final Deque<SocketChannel> connections = new ArrayDeque<>();
    private final Thread loop;

    TcpListener(ServerSocketChannel channel, Responder responder, Semaphore slots) {
        this.channel = channel;
        this.responder = responder;
        this.slots = slots;
        this.loop = Thread.ofVirtual().name("dns-tcp").start(this::run);
    }

    private void run() {
        while (channel.isOpen()) {
            try {
                SocketChannel connection = channel.accept();
                add(connection);
                if (!channel.isOpen()) {
                    connection.close(); // `close` may have looked before this one was there
                }
                Thread.ofVirtual().name("dns-tcp-connection").start(() -> serve(connection));
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                LOG.error("accept DNS by TCP", e);
                if (!Pause.afterFailure()) {
                    return;
                }
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            connection.socket().setSoTimeout(IDLE_MILLIS);
            connection.socket().setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(connection.socket().getInputStream());
            while (true) {
                byte[] message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                Optional<byte[]> answer = answer(message);
                if (answer.isEmpty()) {
                    return;
                }
                send(connection, answer.get());
            }
        } catch (IOException ended) { // by the client, by its silence, or by us
            LOG.debug("DNS connection ended: {}", ended.toString());
        } catch (RuntimeException e) {
            LOG.error("answer DNS by TCP", e);
        } finally {
            remove(connection);
        }
    }

    private Optional<byte[]> answer(byte[] message) {
        return switch (responder.respond(message, Transport.TCP)) {
            case Response.Now(byte[] answer) -> Optional.of(answer);
            case Response.Nothing() -> Optional.empty();
            case Response.Later(var work, byte[] refusal) -> {
                if (!slots.tryAcquire()) {
                    yield Optional.of(refusal);
                }
                try {
                    yield Optional.of(work.get());
                } finally {
                    slots.release();
                }
            }
        };
    }

    private static void send(SocketChannel connection, byte[] answer) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(2 + answer.length)
                .putShort((short) answer.length)
                .put(answer)
                .flip();
        while (framed.hasRemaining()) {
            connection.write(framed);
        }
    }

    private void add(SocketChannel connection) throws IOException {
        Optional<SocketChannel> oldest = Optional.empty();
        synchronized (connections) {
            connections.addLast(connection);
            if (connections.size() > MAX_CONNECTIONS) {
                oldest = Optional.of(connections.removeFirst());
            }
        }
        if (oldest.isPresent()) {
            oldest.get().close();
        }
    }

    private void remove(SocketChannel connection) {
        synchronized (connections) {
            connections.remove(connection);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        loop.interrupt();
        List<SocketChannel> open;
        synchronized (connections) {
            open = new ArrayList<>(connections);
        }
        for (SocketChannel connection : open) {
            connection.close();
        }
    }
}
