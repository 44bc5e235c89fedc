package dev.fairway.api.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// The server's end of SPDY/3.1 on a pipe. One thread reads, any may send. Windows are not counted: Kubernetes' clients
/// count none, the connection beneath holds senders back.
final class SpdyLink implements AutoCloseable {

    private final SocketPipe pipe;
    private final SpdyCodec codec = new SpdyCodec();
    private final Object sending = new Object();
    private final Queue<SpdyFrame> taken = new ArrayDeque<>();

    SpdyLink(SocketPipe pipe) {
        this.pipe = pipe;
    }

    /// The next frame, pings answered; empty when the client is gone.
    ///
    /// @throws IOException when what came is not SPDY
    Optional<SpdyFrame> read() throws IOException, InterruptedException {
        while (true) {
            SpdyFrame frame = taken.poll();
            if (frame instanceof SpdyPingFrame ping) {
                send(ping);
            } else if (frame != null) {
                return Optional.of(frame);
            } else {
                Optional<byte[]> bytes = pipe.read();
                if (bytes.isEmpty()) {
                    return Optional.empty();
                }
                decode(bytes.get());
            }
        }
    }

    private void decode(byte[] bytes) throws IOException {
        try {
            taken.addAll(codec.decode(bytes));
        } catch (RuntimeException e) {
            throw new IOException("the client does not speak SPDY: " + e.getMessage(), e);
        }
    }

    static String header(SpdySynStreamFrame frame, String name) {
        CharSequence value = frame.headers().get(name);
        return value == null ? "" : value.toString();
    }

    void accept(SpdySynStreamFrame opened) throws IOException, InterruptedException {
        // The codec leaves an empty header block out, which kubectl's SPDY takes for a broken frame.
        DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(opened.streamId());
        reply.headers().add("streamtype", header(opened, "streamtype"));
        send(reply);
    }

    /// @param stream 0 for one that the client did not open: nothing is sent
    void send(int stream, byte[] bytes, boolean last) throws IOException, InterruptedException {
        if (stream > 0) {
            DefaultSpdyDataFrame frame = new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(bytes));
            frame.setLast(last);
            send(frame);
        }
    }

    private void send(SpdyFrame frame) throws IOException, InterruptedException {
        synchronized (sending) {
            pipe.write(codec.encode(frame));
        }
    }

    @Override
    public void close() {
        synchronized (sending) {
            codec.close();
        }
    }
}
