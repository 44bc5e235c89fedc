package dev.fairway.store.etcd;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Cuts a stream of bytes into gRPC messages: a flag for compression, which nobody asked for, a length and the bytes.
final class Deframer {

    static final int HEAD = 1 + Integer.BYTES;

    private final Consumer<byte[]> onMessage;
    private ByteBuffer rest = ByteBuffer.allocate(0);

    Deframer(Consumer<byte[]> onMessage) {
        this.onMessage = onMessage;
    }

    void take(byte[] bytes) {
        ByteBuffer all = ByteBuffer.allocate(rest.remaining() + bytes.length);
        all.put(rest).put(bytes).flip();
        while (all.remaining() >= HEAD) {
            int length = all.getInt(all.position() + 1);
            if (length < 0 || all.remaining() - HEAD < length) {
                break;
            }
            byte[] message = new byte[length];
            all.position(all.position() + HEAD);
            all.get(message);
            onMessage.accept(message);
        }
        rest = all;
    }
}
