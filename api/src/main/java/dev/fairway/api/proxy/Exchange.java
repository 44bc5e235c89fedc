package dev.fairway.api.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// One HTTP request and its answer over a connection that somebody else opened. The codec is Netty's, without its
/// sockets: bytes go in and out by the calling thread. Used by one thread; `close` may come from another.
public final class Exchange implements AutoCloseable {

    /// The status of an answer that changes the protocol.
    public static final int SWITCHED = 101;

    private static final int LINE_BYTES_MAX = 16 * 1024;
    private static final int HEAD_BYTES_MAX = 64 * 1024;
    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

    private final ByteChannel connection;
    private final EmbeddedChannel codec;
    private final ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);
    private boolean ended;

    private Exchange(ByteChannel connection, ChannelHandler... handlers) {
        this.connection = connection;
        this.codec = new EmbeddedChannel(handlers);
    }

    /// @throws IOException when the backend cannot be reached
    public static Exchange open(Backend backend) throws IOException {
        return open(backend, HANDSHAKE_MAX);
    }

    /// @param handshakeMax after which a backend that does not speak TLS is given up
    public static Exchange open(Backend backend, Duration handshakeMax) throws IOException {
        ByteChannel connection = backend.connector().connect();
        try {
            HttpClientCodec http = new HttpClientCodec(LINE_BYTES_MAX, HEAD_BYTES_MAX, HEAD_BYTES_MAX);
            if (backend.tls().isEmpty()) {
                return new Exchange(connection, http);
            }
            SslHandler tls = backend.tls().get().context().newHandler(UnpooledByteBufAllocator.DEFAULT);
            Exchange exchange = new Exchange(connection, tls, http);
            exchange.shakeHands(tls.handshakeFuture(), handshakeMax);
            return exchange;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /// A peer that speaks another protocol may wait for ever for what it understands. Closing ends our read.
    private void shakeHands(Future<?> handshake, Duration max) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        Thread watch = Thread.ofVirtual().name("handshake-watch").start(() -> closeAfter(max, late));
        try {
            flush();
            while (!handshake.isDone()) {
                pump();
            }
        } catch (IOException e) {
            if (late.get()) {
                throw new IOException("the peer made no TLS handshake within " + max, e);
            }
            requireDone(handshake);
            throw e;
        } finally {
            watch.interrupt();
        }
        requireDone(handshake);
    }

    /// @throws IOException with what was wrong, when that is known
    private static void requireDone(Future<?> handshake) throws IOException {
        Throwable wrong = handshake.cause();
        if (wrong != null) {
            throw new IOException("the TLS handshake failed: " + wrong.getMessage(), wrong);
        }
    }

    private void closeAfter(Duration max, AtomicBoolean late) {
        try {
            Thread.sleep(max);
            late.set(true);
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the handshake is made
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends the request and reads the head of the answer.
    public HttpResponse send(FullHttpRequest request) throws IOException {
        try {
            codec.writeOutbound(request);
        } catch (RuntimeException e) {
            throw broken(e);
        }
        flush();
        while (true) {
            Object message = next();
            if (message instanceof HttpResponse head && isFinal(head.status())) {
                return head;
            }
            ReferenceCountUtil.release(message);
        }
    }

    /// What comes before it, such as `100 Continue`, is between the backend and us.
    private static boolean isFinal(HttpResponseStatus status) {
        return status.codeClass() != HttpStatusClass.INFORMATIONAL || status.code() == SWITCHED;
    }

    /// To be called after an answer with `SWITCHED`: the connection is no longer ours, and speaks another protocol.
    public Tunnel upgrade() {
        codec.pipeline().remove(HttpClientCodec.class);
        return new Tunnel(connection, codec);
    }

    /// The next piece of the answer's body; empty after the last.
    public Optional<byte[]> part() throws IOException {
        while (!ended) {
            Object message = next();
            try {
                ended = message instanceof LastHttpContent;
                if (message instanceof HttpContent content && content.content().isReadable()) {
                    byte[] bytes = new byte[content.content().readableBytes()];
                    content.content().readBytes(bytes);
                    return Optional.of(bytes);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }
        return Optional.empty();
    }

    private Object next() throws IOException {
        while (true) {
            Object message = codec.readInbound();
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                ReferenceCountUtil.release(message);
                throw broken(part.decoderResult().cause());
            }
            if (message != null) {
                return message;
            }
            if (!codec.isActive()) {
                throw new IOException("the connection ended before the answer was complete");
            }
            pump();
        }
    }

    private void pump() throws IOException {
        buffer.clear();
        int count = connection.read(buffer);
        try {
            if (count < 0) {
                codec.finish();
            } else {
                codec.writeInbound(Unpooled.copiedBuffer(buffer.flip()));
            }
        } catch (RuntimeException e) {
            throw broken(e);
        }
        flush();
    }

    /// What the codec says is wrong with the peer's bytes.
    private static IOException broken(Throwable e) {
        return new IOException("the answer cannot be read: " + e.getMessage(), e);
    }

    private void flush() throws IOException {
        for (ByteBuf out = codec.readOutbound(); out != null; out = codec.readOutbound()) {
            try {
                for (ByteBuffer part : out.nioBuffers()) {
                    while (part.hasRemaining()) {
                        connection.write(part);
                    }
                }
            } finally {
                out.release();
            }
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
