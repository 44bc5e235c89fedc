package dev.fairway.api.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// A connection whose peer agreed to another protocol than HTTP: bytes both ways. One thread reads, another may write.
public final class Tunnel implements AutoCloseable {

    private final ByteChannel connection;
    private final EmbeddedChannel codec;
    private final ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);

    /// Held while bytes go out, so that they keep their order. Who finds it held leaves its bytes to the holder: a peer
    /// that does not read must still be read.
    private final ReentrantLock sending = new ReentrantLock();

    /// @param codec without HTTP; may still hold what the peer sent behind its answer
    Tunnel(ByteChannel connection, EmbeddedChannel codec) {
        this.connection = connection;
        this.codec = codec;
    }

    /// What the peer says next; empty when it has said all.
    public Optional<byte[]> read() throws IOException {
        while (true) {
            Optional<byte[]> received = received();
            if (received.isPresent()) {
                return received;
            }
            buffer.clear();
            if (connection.read(buffer) < 0) {
                return Optional.empty();
            }
            synchronized (codec) {
                codec.writeInbound(Unpooled.copiedBuffer(buffer.flip()));
            }
            flush();
        }
    }

    private Optional<byte[]> received() {
        synchronized (codec) {
            Object message = codec.readInbound();
            while (message != null && !(message instanceof ByteBuf)) {
                message = codec.readInbound(); // the end of the answer, which has no body
            }
            return Optional.ofNullable((ByteBuf) message).map(Tunnel::taken);
        }
    }

    /// Says something to the peer.
    public void write(byte[] bytes) throws IOException {
        synchronized (codec) {
            codec.writeOutbound(Unpooled.wrappedBuffer(bytes));
        }
        flush();
    }

    private void flush() throws IOException {
        while (hasToSend() && sending.tryLock()) {
            try {
                for (Optional<byte[]> bytes = toSend(); bytes.isPresent(); bytes = toSend()) {
                    send(ByteBuffer.wrap(bytes.get()));
                }
            } finally {
                sending.unlock();
            }
        }
    }

    private void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    private boolean hasToSend() {
        synchronized (codec) {
            return !codec.outboundMessages().isEmpty();
        }
    }

    private Optional<byte[]> toSend() {
        synchronized (codec) {
            return Optional.<ByteBuf>ofNullable(codec.readOutbound()).map(Tunnel::taken);
        }
    }

    private static byte[] taken(ByteBuf from) {
        byte[] bytes = new byte[from.readableBytes()];
        from.readBytes(bytes).release();
        return bytes;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
