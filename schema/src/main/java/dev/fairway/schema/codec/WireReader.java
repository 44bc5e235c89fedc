package dev.fairway.schema.codec;

import dev.fairway.schema.wire.WireWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the protobuf wire format within bounds; anything that does not fit is a {@link DecodeException}.
final class WireReader {

    private final byte[] bytes;
    private int at;
    private final int end;
    private int number;
    private int wireType;

    WireReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private WireReader(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    /// Goes to the next field; false at the end.
    boolean next() {
        if (at == end) {
            return false;
        }
        long tag = varint();
        number = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        if (tag >>> 3 == 0 || tag >>> 3 > 0x1FFFFFFF) {
            throw new DecodeException("protobuf: field number " + (tag >>> 3) + " at byte " + at);
        }
        return true;
    }

    int number() {
        return number;
    }

    boolean isPacked() {
        return wireType == WireWriter.LENGTH;
    }

    boolean atEnd() {
        return at == end;
    }

    long varintField() {
        expect(WireWriter.VARINT);
        return varint();
    }

    double doubleField() {
        expect(WireWriter.FIXED64);
        int from = take(8);
        long bits = 0;
        for (int i = 7; i >= 0; i--) {
            bits = bits << 8 | bytes[from + i] & 0xFF;
        }
        return Double.longBitsToDouble(bits);
    }

    /// The field's content, as a reader of its own.
    WireReader nested() {
        expect(WireWriter.LENGTH);
        int length = length();
        int from = take(length);
        return new WireReader(bytes, from, from + length);
    }

    byte[] bytesField() {
        WireReader content = nested();
        return Arrays.copyOfRange(bytes, content.at, content.end);
    }

    String textField() {
        WireReader content = nested();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, content.at, content.end - content.at))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DecodeException("protobuf: field " + number + " at byte " + content.at + " is not UTF-8", e);
        }
    }

    void skip() {
        switch (wireType) {
            case WireWriter.VARINT -> varint();
            case WireWriter.FIXED64 -> take(8);
            case WireWriter.LENGTH -> take(length());
            case WireWriter.FIXED32 -> take(4);
            default -> throw new DecodeException("protobuf: wire type " + wireType + " at byte " + at);
        }
    }

    long varint() {
        long out = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes[take(1)];
            out |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return out;
            }
        }
        throw new DecodeException("protobuf: a number of more than 10 bytes at byte " + at);
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > end - at) {
            throw truncated();
        }
        return (int) length;
    }

    private int take(int length) {
        if (length > end - at) {
            throw truncated();
        }
        int from = at;
        at += length;
        return from;
    }

    private DecodeException truncated() {
        return new DecodeException("protobuf: the content ends within field " + number + " at byte " + at);
    }

    private void expect(int type) {
        if (wireType != type) {
            throw new DecodeException(
                    "protobuf: field " + number + " at byte " + at + " has wire type " + wireType + ", not " + type);
        }
    }
}
