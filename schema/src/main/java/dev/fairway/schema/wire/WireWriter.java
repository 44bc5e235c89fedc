package dev.fairway.schema.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes the protobuf wire format from the end to the beginning, so that the length of a nested message is known when
/// its length has to be written.
public final class WireWriter {

    public static final int VARINT = 0;
    public static final int FIXED64 = 1;
    public static final int LENGTH = 2;
    public static final int FIXED32 = 5;

    private byte[] buffer = new byte[512];
    private int start = buffer.length;

    /// The number of bytes written so far.
    public int size() {
        return buffer.length - start;
    }

    public byte[] toBytes() {
        return Arrays.copyOfRange(buffer, start, buffer.length);
    }

    public void bytes(byte[] bytes) {
        room(bytes.length);
        start -= bytes.length;
        System.arraycopy(bytes, 0, buffer, start, bytes.length);
    }

    /// Begins anew.
    public void clear() {
        start = buffer.length;
    }

    public void varint(long value) {
        int length = varintSize(value);
        room(length);
        start -= length;
        long rest = value;
        for (int at = start; at < start + length - 1; at++) {
            buffer[at] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[start + length - 1] = (byte) rest;
    }

    private static int varintSize(long value) {
        int length = 1;
        for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
            length++;
        }
        return length;
    }

    private void tag(int number, int wireType) {
        varint((long) number << 3 | wireType);
    }

    public void varintField(int number, long value) {
        varint(value);
        tag(number, VARINT);
    }

    public void doubleField(int number, double value) {
        long bits = Double.doubleToRawLongBits(value);
        room(8);
        start -= 8;
        for (int at = 0; at < 8; at++) {
            buffer[start + at] = (byte) (bits >>> 8 * at);
        }
        tag(number, FIXED64);
    }

    public void textField(int number, String text) {
        bytesField(number, text.getBytes(StandardCharsets.UTF_8));
    }

    public void bytesField(int number, byte[] bytes) {
        int end = size();
        bytes(bytes);
        closeField(number, end);
    }

    /// Writes length and number of a field whose content was written since `size()` was `end`.
    public void closeField(int number, int end) {
        openField(number, size() - (long) end);
    }

    /// Writes length and number of a field whose content stands elsewhere.
    public void openField(int number, long length) {
        varint(length);
        tag(number, LENGTH);
    }

    /// What a field of this many bytes takes, when its number is below 16.
    public static long fieldSize(int length) {
        return 1L + varintSize(length) + length;
    }

    private void room(int length) {
        if (start >= length) {
            return;
        }
        int size = size();
        byte[] larger = new byte[Math.max(buffer.length * 2, size + length)];
        System.arraycopy(buffer, start, larger, larger.length - size, size);
        start = larger.length - size;
        buffer = larger;
    }
}
