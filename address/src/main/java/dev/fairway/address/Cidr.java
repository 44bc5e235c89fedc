package dev.fairway.address;

import java.math.BigInteger;
import java.util.Optional;

/// A block of addresses: a base and a prefix length. Host bits of the given address are cleared, so equal blocks are
/// equal values; `parse` refuses a text that has host bits set (the strict rule of KEP-4858).
public record Cidr(IpAddress base, int prefix) implements Comparable<Cidr> {

    public Cidr {
        if (prefix < 0 || prefix > base.family().bits()) {
            throw new IllegalArgumentException(
                    "prefix length " + prefix + " is outside 0-" + base.family().bits());
        }
        base = masked(base, prefix);
    }

    /// @throws IllegalArgumentException when the text is no strict CIDR
    public static Cidr parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not a valid CIDR"));
    }

    public static Optional<Cidr> tryParse(String text) {
        return lenient(text)
                .filter(cidr -> IpAddress.parse(text.substring(0, text.lastIndexOf('/')))
                        .equals(cidr.base()));
    }

    /// Like `tryParse`, but host bits may be set: `10.1.2.3/8` is `10.0.0.0/8`. For an interface address use
    /// `IpAddress.parse` on the part before the slash.
    public static Optional<Cidr> lenient(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(text.substring(slash + 1));
        return IpAddress.tryParse(text.substring(0, slash))
                .filter(address -> prefix <= address.family().bits())
                .map(address -> new Cidr(address, prefix));
    }

    public IpFamily family() {
        return base.family();
    }

    public boolean contains(IpAddress address) {
        return address.family() == family() && masked(address, prefix).equals(base);
    }

    public boolean contains(Cidr other) {
        return other.prefix >= prefix && contains(other.base);
    }

    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /// How many addresses the block has, network and broadcast included.
    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(family().bits() - prefix);
    }

    /// `size()`, or `Long.MAX_VALUE` when it is larger.
    public long sizeClamped() {
        int hostBits = family().bits() - prefix;
        return hostBits >= 63 ? Long.MAX_VALUE : 1L << hostBits;
    }

    /// The address at `index` counted from the base.
    public IpAddress at(long index) {
        return base.plus(index);
    }

    public IpAddress last() {
        return base.family() == IpFamily.IPV4
                ? base.plus(sizeClamped() - 1)
                : IpAddress.ofV6(base.high() | ~maskHigh(prefix), base.low() | ~maskLow(prefix));
    }

    /// The mask as an address: 255.255.0.0 for /16.
    public IpAddress mask() {
        return family() == IpFamily.IPV4
                ? IpAddress.ofV4(prefix == 0 ? 0 : -1 << (32 - prefix))
                : IpAddress.ofV6(maskHigh(prefix), maskLow(prefix));
    }

    private static IpAddress masked(IpAddress address, int prefix) {
        return address.isV4()
                ? IpAddress.ofV4(prefix == 0 ? 0 : (int) address.low() & -1 << (32 - prefix))
                : IpAddress.ofV6(address.high() & maskHigh(prefix), address.low() & maskLow(prefix));
    }

    private static long maskHigh(int prefix) {
        return prefix == 0 ? 0 : prefix >= 64 ? -1L : -1L << (64 - prefix);
    }

    private static long maskLow(int prefix) {
        return prefix <= 64 ? 0 : -1L << (128 - prefix);
    }

    @Override
    public int compareTo(Cidr other) {
        int byBase = base.compareTo(other.base);
        return byBase != 0 ? byBase : Integer.compare(prefix, other.prefix);
    }

    @Override
    public String toString() {
        return base + "/" + prefix;
    }
}
