package dev.fairway.api.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// SPDY/3.1 frames to and from bytes. Each direction has its own header compression, so each has its own channel.
final class SpdyCodec implements AutoCloseable {

    private final EmbeddedChannel decoder = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final EmbeddedChannel encoder = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));

    /// The frames that these bytes complete. Called by one thread. Bytes that are no SPDY end in an exception.
    List<SpdyFrame> decode(byte[] bytes) {
        decoder.writeInbound(Unpooled.wrappedBuffer(bytes));
        List<SpdyFrame> frames = new ArrayList<>();
        Object next = decoder.readInbound();
        while (next != null) {
            if (next instanceof SpdyFrame frame) {
                frames.add(frame);
            } else {
                ReferenceCountUtil.release(next);
            }
            next = decoder.readInbound();
        }
        return frames;
    }

    /// Called with frames in the order in which their bytes are sent.
    byte[] encode(SpdyFrame frame) {
        encoder.writeOutbound(frame);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuf part = encoder.readOutbound();
        while (part != null) {
            byte[] bytes = new byte[part.readableBytes()];
            part.readBytes(bytes).release();
            out.writeBytes(bytes);
            part = encoder.readOutbound();
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        decoder.finishAndReleaseAll();
        encoder.finishAndReleaseAll();
    }
}
