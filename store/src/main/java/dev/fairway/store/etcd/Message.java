package dev.fairway.store.etcd;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes one protobuf message (protobuf.dev, "Encoding"). Fields with their default value are left out.
final class Message {

    private static final int VARINT = 0;
    private static final int DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
        return value == 0 ? this : alwaysNumber(field, value);
    }

    /// For fields of which also the default value says something.
    Message alwaysNumber(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    Message flag(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    Message bytes(int field, byte[] value) {
        return value.length == 0 ? this : delimited(field, value);
    }

    Message text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /// A message is written even when it is empty: that it is there says something.
    Message message(int field, Message value) {
        return delimited(field, value.toBytes());
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private Message delimited(int field, byte[] value) {
        varint((long) field << 3 | DELIMITED);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
