package dev.fairway.api.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/// Bytes in the form that the HTTP library sends, without a copy.
final class Buffers {

    private Buffers() {}

    /// @param bytes not to be changed from here on
    static Buffer of(byte[] bytes) {
        return of(bytes, bytes.length);
    }

    /// @param bytes of which the first `length` are sent; not to be changed from here on
    static Buffer of(byte[] bytes, int length) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes, 0, length));
    }
}
