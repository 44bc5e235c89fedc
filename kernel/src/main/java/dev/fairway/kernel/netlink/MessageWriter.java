package dev.fairway.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes netlink messages one after the other. Headers and plain numbers are in host byte order; what nftables wants
/// in network byte order has `Network` in its name.
public final class MessageWriter {

    private static final int NESTED = 0x8000; // NLA_F_NESTED
    private static final int MAX_ATTRIBUTE_BYTES = 0xffff;

    private static final int USUAL_BYTES = 4096;
    private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

    private ByteBuffer buffer;
    private int messageAt = -1;

    public MessageWriter() {
        this(USUAL_BYTES);
    }

    /// @param expectedBytes about how much will be written; more is no error
    public MessageWriter(int expectedBytes) {
        buffer = ByteBuffer.allocate(Math.max(USUAL_BYTES, expectedBytes)).order(ByteOrder.nativeOrder());
    }

    static int align(int length) {
        return (length + 3) & ~3;
    }

    /// Starts a message (`struct nlmsghdr`); `end` must follow.
    public MessageWriter begin(int type, int flags, int sequence) {
        if (messageAt >= 0) {
            throw new IllegalStateException("the message before is not ended");
        }
        messageAt = buffer.position();
        room(NetlinkMessage.HEADER_BYTES);
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
        return this;
    }

    /// Ends the message: its length becomes known.
    public MessageWriter end() {
        buffer.putInt(messageAt, buffer.position() - messageAt);
        messageAt = -1;
        return this;
    }

    public MessageWriter u8(int value) {
        room(1);
        buffer.put((byte) value);
        return this;
    }

    public MessageWriter u16(int value) {
        room(2);
        buffer.putShort((short) value);
        return this;
    }

    public MessageWriter u16Network(int value) {
        room(2);
        buffer.put((byte) (value >> 8)).put((byte) value);
        return this;
    }

    public MessageWriter u32(int value) {
        room(4);
        buffer.putInt(value);
        return this;
    }

    public MessageWriter u32Network(int value) {
        room(4);
        buffer.putInt(BIG_ENDIAN ? value : Integer.reverseBytes(value));
        return this;
    }

    public MessageWriter u64Network(long value) {
        return u32Network((int) (value >>> 32)).u32Network((int) value);
    }

    public MessageWriter bytes(byte[] value) {
        room(value.length);
        buffer.put(value);
        return this;
    }

    public MessageWriter attribute(int type, byte[] value) {
        int at = open(type);
        bytes(value);
        return close(at);
    }

    /// An attribute without a payload: a flag.
    public MessageWriter attribute(int type) {
        return close(open(type));
    }

    public MessageWriter attributeU8(int type, int value) {
        int at = open(type);
        u8(value);
        return close(at);
    }

    public MessageWriter attributeU16(int type, int value) {
        int at = open(type);
        u16(value);
        return close(at);
    }

    public MessageWriter attributeU32(int type, int value) {
        int at = open(type);
        u32(value);
        return close(at);
    }

    public MessageWriter attributeU16Network(int type, int value) {
        int at = open(type);
        u16Network(value);
        return close(at);
    }

    public MessageWriter attributeU32Network(int type, int value) {
        int at = open(type);
        u32Network(value);
        return close(at);
    }

    public MessageWriter attributeU64Network(int type, long value) {
        int at = open(type);
        u64Network(value);
        return close(at);
    }

    /// Text with a terminating zero.
    public MessageWriter attributeText(int type, String text) {
        int at = open(type);
        bytes(text.getBytes(StandardCharsets.UTF_8)).u8(0);
        return close(at);
    }

    /// An attribute that holds what the body writes.
    public MessageWriter nested(int type, Runnable body) {
        int at = open(type | NESTED);
        body.run();
        return close(at);
    }

    /// Starts an attribute and returns its place for `close`; for attributes whose payload is written piece by piece.
    public int open(int type) {
        int at = buffer.position();
        u16(0).u16(type);
        return at;
    }

    /// Starts a nested attribute and returns its place for `close`.
    public int openNested(int type) {
        return open(type | NESTED);
    }

    /// Ends the attribute that starts at `at` and pads it to 4 bytes.
    ///
    /// @throws IllegalArgumentException when it is longer than its u16 length field can say
    public MessageWriter close(int at) {
        int length = buffer.position() - at;
        if (length > MAX_ATTRIBUTE_BYTES) {
            throw new IllegalArgumentException("a netlink attribute of " + length + " bytes is too long");
        }
        buffer.putShort(at, (short) length);
        while ((buffer.position() - at) % 4 != 0) {
            u8(0);
        }
        return this;
    }

    /// Bytes written so far.
    public int size() {
        return buffer.position();
    }

    public byte[] toBytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(Math.multiplyExact(buffer.capacity(), 2), buffer.position() + bytes);
            buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), capacity))
                    .order(ByteOrder.nativeOrder())
                    .position(buffer.position());
        }
    }
}
