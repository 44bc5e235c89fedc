package dev.fairway.kernel.nft;

import java.util.List;
import java.util.stream.Collectors;

/// The type of one field of a key or of a map's data. Numbers are those of nft's `enum datatypes`, which the kernel
/// only keeps so that `nft list` can print elements.
public enum ValueType {
    IPV4_ADDR(7, 4, "ipv4_addr"),
    IPV6_ADDR(8, 16, "ipv6_addr"),
    INET_PROTO(12, 1, "inet_proto"),
    INET_SERVICE(13, 2, "inet_service"),
    /// An unsigned 32 bit number in host byte order, as registers hold it: the result of `numgen` too.
    MARK(19, 4, "mark");

    static final int CONCAT_BITS = 6;

    private final int number;
    private final int bytes;
    private final String word;

    ValueType(int number, int bytes, String word) {
        this.number = number;
        this.bytes = bytes;
        this.word = word;
    }

    int bytes() {
        return bytes;
    }

    /// Bytes in a register or a concatenated key: a multiple of 4.
    int paddedBytes() {
        return (bytes + 3) & ~3;
    }

    String toText() {
        return word;
    }

    /// The type of an address of the family.
    public static ValueType address(NftFamily family) {
        return family == NftFamily.IP ? IPV4_ADDR : IPV6_ADDR;
    }

    static String toText(List<ValueType> types) {
        return types.stream().map(ValueType::toText).collect(Collectors.joining(" . "));
    }

    /// The number of a concatenation: 6 bits a field.
    static int number(List<ValueType> types) {
        int number = 0;
        for (ValueType type : types) {
            number = number << CONCAT_BITS | type.number;
        }
        return number;
    }

    /// Length of the value in a set: a single field is not padded.
    static int bytes(List<ValueType> types) {
        return types.size() == 1
                ? types.getFirst().bytes
                : types.stream().mapToInt(ValueType::paddedBytes).sum();
    }
}
