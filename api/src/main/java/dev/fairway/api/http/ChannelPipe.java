package dev.fairway.api.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/// The bare bytes of a connection that HTTP has let go, read and written by virtual threads. A message is whatever
/// arrived.
final class ChannelPipe extends ChannelInboundHandlerAdapter implements SocketPipe, AutoCloseable {

    /// The name under which the HTTP library puts its own end of the pipeline. It stays, to learn of the connection's
    /// end.
    private static final String LIBRARY = "handler";

    private final Channel channel;
    private final String protocol;
    private final Inbox inbox;
    private final CloseSignal closed = new CloseSignal();

    private ChannelPipe(Channel channel, String protocol) {
        this.channel = channel;
        this.protocol = protocol;
        this.inbox = new Inbox(() -> read(false), () -> read(true));
    }

    /// Takes the connection over after a whole request, and sends the head that says so.
    ///
    /// @throws IOException when the client is gone
    static ChannelPipe takeOver(Channel channel, String protocol, String head)
            throws IOException, InterruptedException {
        ChannelPipe pipe = new ChannelPipe(channel, protocol);
        try {
            channel.eventLoop().submit(() -> pipe.install()).await();
        } catch (RejectedExecutionException e) {
            throw new IOException("the server is closing", e);
        }
        pipe.write(head.getBytes(StandardCharsets.ISO_8859_1));
        return pipe;
    }

    private void install() {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addBefore(LIBRARY, "pipe", this);
        boolean encrypted = false;
        for (Map.Entry<String, ChannelHandler> each : pipeline.toMap().entrySet()) {
            if (each.getValue() == this) {
                break;
            }
            if (encrypted) {
                pipeline.remove(each.getKey()); // codecs of HTTP; bytes that wait in them come here
            }
            encrypted |= each.getValue() instanceof SslHandler;
        }
        channel.config().setAutoRead(true);
        channel.closeFuture().addListener(end -> end());
    }

    private void end() {
        inbox.end();
        closed.raise();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            inbox.add(ByteBufUtil.getBytes(bytes));
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Of no interest to the library any more.
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ChannelFuture _ = channel.close();
    }

    private void read(boolean whenever) {
        if (channel.config().isAutoRead() != whenever) {
            channel.config().setAutoRead(whenever);
        }
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public void write(byte[] bytes) throws IOException, InterruptedException {
        ChannelHandlerContext here = channel.pipeline().context(this);
        if (here == null) {
            throw new IOException("the client is gone");
        }
        ChannelFuture sent = here.writeAndFlush(Unpooled.wrappedBuffer(bytes)).await();
        if (!sent.isSuccess()) {
            throw new IOException("the client is gone", sent.cause());
        }
    }

    @Override
    public void writeText(byte[] utf8) throws IOException, InterruptedException {
        write(utf8);
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
        ChannelHandlerContext here = channel.pipeline().context(this);
        if (here != null) {
            ChannelFuture _ = here.close();
        }
    }
}
