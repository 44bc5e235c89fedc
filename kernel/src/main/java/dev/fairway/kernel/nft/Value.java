package dev.fairway.kernel.nft;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.netlink.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One field of a key or of a map's data.
///
/// A node compares and hashes millions of them, with the first compiler only, which does not see through what the
/// language makes of a record's `equals` or of a switch over patterns: those few methods are written out.
public sealed interface Value extends Comparable<Value> {

    record Address(IpAddress address) implements Value {

        @Override
        public ValueType type() {
            return address.isV4() ? ValueType.IPV4_ADDR : ValueType.IPV6_ADDR;
        }

        @Override
        public int compareTo(Value other) {
            return other instanceof Address that ? address.compareTo(that.address) : type().compareTo(other.type());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Address that && address.equals(that.address);
        }

        @Override
        public int hashCode() {
            return address.hashCode();
        }
    }

    /// An IANA protocol number.
    record Proto(int number) implements Value {

        @Override
        public ValueType type() {
            return ValueType.INET_PROTO;
        }

        @Override
        public int compareTo(Value other) {
            return other instanceof Proto that ? Integer.compare(number, that.number) : type().compareTo(other.type());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Proto that && number == that.number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    record Port(int number) implements Value {

        @Override
        public ValueType type() {
            return ValueType.INET_SERVICE;
        }

        @Override
        public int compareTo(Value other) {
            return other instanceof Port that ? Integer.compare(number, that.number) : type().compareTo(other.type());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Port that && number == that.number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    /// A register number in host byte order.
    record Mark(int number) implements Value {

        @Override
        public ValueType type() {
            return ValueType.MARK;
        }

        @Override
        public int compareTo(Value other) {
            return other instanceof Mark that
                    ? Integer.compareUnsigned(number, that.number)
                    : type().compareTo(other.type());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Mark that && number == that.number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    static Value of(IpAddress address) {
        return new Address(address);
    }

    ValueType type();

    /// As `nft list` prints it.
    default String toText() {
        return switch (this) {
            case Address(IpAddress address) -> address.toString();
            case Proto(int number) -> protoText(number);
            case Port(int number) -> Integer.toString(number);
            case Mark(int number) -> "0x%08x".formatted(number);
        };
    }

    static String toText(List<Value> values) {
        return values.stream().map(Value::toText).collect(Collectors.joining(" . "));
    }

    private static String protoText(int number) {
        return switch (number) {
            case 1 -> "icmp";
            case 6 -> "tcp";
            case 17 -> "udp";
            case 58 -> "ipv6-icmp";
            case 132 -> "sctp";
            default -> Integer.toString(number);
        };
    }

    /// The bytes as a register holds them, without padding.
    default byte[] toBytes() {
        return switch (this) {
            case Address(IpAddress address) -> address.toBytes();
            case Proto(int number) -> new byte[] {(byte) number};
            case Port(int number) -> new byte[] {(byte) (number >> 8), (byte) number};
            case Mark(int number) ->
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(number)
                        .array();
        };
    }

    /// Writes what `toBytes` gives.
    private void writeTo(MessageWriter out) {
        if (this instanceof Address(IpAddress address)) {
            if (address.isV6()) {
                out.u64Network(address.high());
                out.u64Network(address.low());
            } else {
                out.u32Network((int) address.low());
            }
        } else if (this instanceof Mark(int number)) {
            out.u32(number);
        } else if (this instanceof Port(int number)) {
            out.u16Network(number);
        } else if (this instanceof Proto(int number)) {
            out.u8(number);
        }
    }

    private void writePaddedTo(MessageWriter out) {
        if (this instanceof Port(int number)) {
            out.u32Network(number << 16);
        } else if (this instanceof Proto(int number)) {
            out.u32Network(number << 24);
        } else {
            writeTo(out);
        }
    }

    /// Writes the bytes of a key: fields of a concatenation are padded to 4 bytes, a single field is not. There are
    /// very many keys, so nothing is made on the way.
    static void write(List<Value> values, MessageWriter out) {
        if (values.size() == 1) {
            values.getFirst().writeTo(out);
            return;
        }
        for (Value value : values) {
            value.writePaddedTo(out);
        }
    }

    /// Reads what `write` writes.
    static List<Value> parse(List<ValueType> types, byte[] bytes) {
        List<Value> values = new ArrayList<>();
        int at = 0;
        for (ValueType type : types) {
            byte[] field = new byte[type.bytes()];
            System.arraycopy(bytes, at, field, 0, field.length);
            values.add(parse(type, field));
            at += type.paddedBytes();
        }
        return List.copyOf(values);
    }

    private static Value parse(ValueType type, byte[] bytes) {
        return switch (type) {
            case IPV4_ADDR, IPV6_ADDR -> new Address(IpAddress.of(bytes));
            case INET_PROTO -> new Proto(bytes[0] & 0xff);
            case INET_SERVICE -> new Port((bytes[0] & 0xff) << 8 | bytes[1] & 0xff);
            case MARK ->
                new Mark(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt());
        };
    }
}
