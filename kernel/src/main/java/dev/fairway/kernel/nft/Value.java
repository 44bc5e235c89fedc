package dev.fairway.kernel.nft;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.netlink.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// One field of a key or of a map's data.
public sealed interface Value extends Comparable<Value> {

    record Address(IpAddress address) implements Value {}

    /// An IANA protocol number.
    record Proto(int number) implements Value {}

    record Port(int number) implements Value {}

    /// A register number in host byte order.
    record Mark(int number) implements Value {}

    static Value of(IpAddress address) {
        return new Address(address);
    }

    default ValueType type() {
        return switch (this) {
            case Address(IpAddress address) -> address.isV4() ? ValueType.IPV4_ADDR : ValueType.IPV6_ADDR;
            case Proto(int _) -> ValueType.INET_PROTO;
            case Port(int _) -> ValueType.INET_SERVICE;
            case Mark(int _) -> ValueType.MARK;
        };
    }

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
        switch (this) {
            case Address(IpAddress address) when address.isV4() -> out.u32Network((int) address.low());
            case Address(IpAddress address) -> out.u64Network(address.high()).u64Network(address.low());
            case Proto(int number) -> out.u8(number);
            case Port(int number) -> out.u16Network(number);
            case Mark(int number) -> out.u32(number);
        }
    }

    /// Writes the bytes of a key: fields of a concatenation are padded to 4 bytes, a single field is not. There are
    /// very many keys, so nothing is made on the way.
    static void write(List<Value> values, MessageWriter out) {
        for (Value value : values) {
            int at = out.size();
            value.writeTo(out);
            while (values.size() > 1 && (out.size() - at) % 4 != 0) {
                out.u8(0);
            }
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

    @Override
    default int compareTo(Value other) {
        return switch (this) {
            case Address(IpAddress mine) when other instanceof Address(IpAddress theirs) -> mine.compareTo(theirs);
            case Proto(int mine) when other instanceof Proto(int theirs) -> Integer.compare(mine, theirs);
            case Port(int mine) when other instanceof Port(int theirs) -> Integer.compare(mine, theirs);
            case Mark(int mine) when other instanceof Mark(int theirs) -> Integer.compareUnsigned(mine, theirs);
            default -> type().compareTo(other.type());
        };
    }
}
