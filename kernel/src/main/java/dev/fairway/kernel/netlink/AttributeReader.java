package dev.fairway.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Walks netlink attributes (`struct nlattr`: u16 length, u16 type, payload padded to 4 bytes). An attribute that is
/// cut short ends the walk.
public final class AttributeReader implements Iterable<AttributeReader.Attribute> {

    private static final int TYPE_MASK = 0x3fff; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER

    private final List<Attribute> attributes;

    /// @param bytes attributes from position 0 to the limit
    public AttributeReader(ByteBuffer bytes) {
        attributes = read(bytes.slice().order(ByteOrder.nativeOrder()));
    }

    /// @param bytes the payload alone, without header and padding
    public record Attribute(int type, ByteBuffer bytes) {

        public int u8() {
            return Byte.toUnsignedInt(bytes.get(0));
        }

        /// Host byte order.
        public int u16() {
            return Short.toUnsignedInt(bytes.getShort(0));
        }

        /// Host byte order.
        public int u32() {
            return bytes.getInt(0);
        }

        /// Network byte order, as inside nftables attributes.
        public int u16Network() {
            return (bytes.get(0) & 0xff) << 8 | bytes.get(1) & 0xff;
        }

        /// Network byte order, as inside nftables attributes.
        public int u32Network() {
            return bytes.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0);
        }

        /// Network byte order, as inside nftables attributes.
        public long u64Network() {
            return bytes.duplicate().order(ByteOrder.BIG_ENDIAN).getLong(0);
        }

        /// Text up to the terminating zero.
        public String text() {
            byte[] all = toBytes();
            int length = 0;
            while (length < all.length && all[length] != 0) {
                length++;
            }
            return new String(all, 0, length, StandardCharsets.UTF_8);
        }

        public byte[] toBytes() {
            byte[] copy = new byte[bytes.limit()];
            bytes.get(0, copy);
            return copy;
        }

        public AttributeReader nested() {
            return new AttributeReader(bytes);
        }
    }

    /// The first attribute of the type.
    public Optional<Attribute> find(int type) {
        return attributes.stream().filter(attribute -> attribute.type() == type).findFirst();
    }

    /// The first attribute of the type, which the kernel always sends.
    ///
    /// @throws IllegalArgumentException when it is missing
    public Attribute get(int type) {
        return find(type).orElseThrow(() -> new IllegalArgumentException("netlink attribute " + type + " is missing"));
    }

    @Override
    public Iterator<Attribute> iterator() {
        return attributes.iterator();
    }

    private static List<Attribute> read(ByteBuffer bytes) {
        List<Attribute> attributes = new ArrayList<>();
        int at = 0;
        while (at + 4 <= bytes.limit()) {
            int length = Short.toUnsignedInt(bytes.getShort(at));
            if (length < 4 || length > bytes.limit() - at) {
                break;
            }
            int type = bytes.getShort(at + 2) & TYPE_MASK;
            attributes.add(new Attribute(type, bytes.slice(at + 4, length - 4).order(ByteOrder.nativeOrder())));
            at += MessageWriter.align(length);
        }
        return List.copyOf(attributes);
    }
}
