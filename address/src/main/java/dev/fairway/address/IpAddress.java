package dev.fairway.address;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One IP address as a value. IPv4 sorts before IPv6, then by number, so ordered collections of addresses are stable.
///
/// An IPv4-mapped IPv6 text is refused: it names an IPv4 address in a form that no two programs treat alike
/// (the strict IP rule of KEP-4858). IPv4 is held in the low 32 bits of `low`.
///
/// `equals` and `hashCode` are written out because a node asks them very often, and those that a record has by itself
/// are slow before the JVM's second compiler.
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {

    public IpAddress {
        if (family == IpFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits: high=" + high + " low=" + low);
        }
    }

    public static IpAddress ofV4(int bits) {
        return new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(bits));
    }

    public static IpAddress ofV6(long high, long low) {
        return new IpAddress(IpFamily.IPV6, high, low);
    }

    /// The address of 4 or 16 bytes in network byte order.
    public static IpAddress of(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> ofV4((int) AddressText.number(bytes, 0, 4));
            case 16 -> ofV6(AddressText.number(bytes, 0, 8), AddressText.number(bytes, 8, 8));
            default -> throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    public static IpAddress of(InetAddress address) {
        return of(address.getAddress());
    }

    /// @throws IllegalArgumentException when the text is no strict IP address (leading zeros, zones, mapped forms)
    public static IpAddress parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not a valid IP address"));
    }

    public static Optional<IpAddress> tryParse(String text) {
        return AddressText.parse(text);
    }

    public boolean isV4() {
        return family == IpFamily.IPV4;
    }

    public boolean isV6() {
        return family == IpFamily.IPV6;
    }

    /// Network byte order, 4 or 16 bytes.
    public byte[] toBytes() {
        return AddressText.bytes(this);
    }

    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toBytes());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 or 16 bytes are always an address", impossible);
        }
    }

    public BigInteger toNumber() {
        return new BigInteger(1, toBytes());
    }

    /// The address `offset` places further on; wraps around at the end of the family's space.
    public IpAddress plus(long offset) {
        if (isV4()) {
            return ofV4((int) (low + offset));
        }
        long sum = low + offset;
        long carry = offset >= 0
                ? (Long.compareUnsigned(sum, low) < 0 ? 1 : 0)
                : (Long.compareUnsigned(sum, low) > 0 ? -1 : 0);
        return ofV6(high + carry, sum);
    }

    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    public boolean isLoopback() {
        return isV4() ? low >>> 24 == 127 : high == 0 && low == 1;
    }

    public boolean isLinkLocal() {
        return isV4() ? low >>> 16 == 0xa9fe : high >>> 54 == 0xfe80 >>> 6;
    }

    public boolean isMulticast() {
        return isV4() ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    /// 224.0.0.0/24, or ff02::/16 with any flags.
    public boolean isLinkLocalMulticast() {
        return isV4() ? low >>> 8 == 0xe00000 : (high >>> 48 & 0xff0f) == 0xff02;
    }

    /// The address as one of its own: `/32` or `/128`.
    public Cidr toCidr() {
        return new Cidr(this, family.bits());
    }

    /// `a.b.c.d:port` or `[v6]:port`.
    public String withPort(int port) {
        return isV4() ? this + ":" + port : "[" + this + "]:" + port;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress that && low == that.low && high == that.high && family == that.family;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(high) + Long.hashCode(low);
    }

    /// Canonical text: dotted quad, or RFC 5952.
    @Override
    public String toString() {
        return AddressText.text(this);
    }
}
