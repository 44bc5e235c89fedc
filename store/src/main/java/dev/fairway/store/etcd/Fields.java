package dev.fairway.store.etcd;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads one protobuf message field by field (protobuf.dev, "Encoding").
///
/// `while (fields.next()) switch (fields.field()) ...`: a field that is not read is skipped.
final class Fields {

    private final byte[] bytes;
    private final int end;
    private int at;
    private int field;
    private long number;
    private int from;
    private int to;

    Fields(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Fields(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /// Goes to the next field; false at the end of the message.
    boolean next() {
        if (at >= end) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> 3);
        from = at;
        switch ((int) (tag & 7)) {
            case 0 -> number = varint();
            case 1 -> at += Long.BYTES;
            case 2 -> {
                long length = varint();
                from = at;
                if (length < 0 || length > end - at) {
                    throw malformed();
                }
                at += (int) length;
            }
            case 5 -> at += Integer.BYTES;
            default -> throw malformed();
        }
        to = at;
        return true;
    }

    int field() {
        return field;
    }

    long number() {
        return number;
    }

    boolean flag() {
        return number != 0;
    }

    byte[] bytes() {
        return Arrays.copyOfRange(bytes, from, to);
    }

    String text() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    Fields message() {
        return new Fields(bytes, from, to);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= end) {
                throw malformed();
            }
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed();
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("an answer of etcd is no protobuf message");
    }
}
