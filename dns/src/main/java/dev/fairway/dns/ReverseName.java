package dev.fairway.dns;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.Optional;

/// Names under `in-addr.arpa` and `ip6.arpa` (RFC 1035, 3.5; RFC 3596, 2.5).
final class ReverseName {

    private static final DnsName V4 = DnsName.parse("in-addr.arpa.");
    private static final DnsName V6 = DnsName.parse("ip6.arpa.");
    private static final int TREE_LABELS = 2;

    private ReverseName() {}

    static DnsName of(IpAddress address) {
        DnsName name = address.isV4() ? V4 : V6;
        for (byte b : address.toBytes()) {
            int value = b & 0xff;
            name = address.isV4()
                    ? name.child(String.valueOf(value))
                    : name.child(Integer.toHexString(value >>> 4)).child(Integer.toHexString(value & 0xf));
        }
        return name;
    }

    /// The addresses a reverse name stands for: one address for a whole name, a block for a shorter one.
    static Optional<Cidr> toBlock(DnsName name) {
        if (name.isWithin(V4)) {
            return block(name, 10, 8, 4);
        }
        return name.isWithin(V6) ? block(name, 16, 4, 32) : Optional.empty();
    }

    private static Optional<Cidr> block(DnsName name, int radix, int bitsOfLabel, int maxLabels) {
        int labels = name.labelCount() - TREE_LABELS;
        if (labels > maxLabels) {
            return Optional.empty();
        }
        byte[] bytes = new byte[bitsOfLabel * maxLabels / 8];
        for (int i = 0; i < labels; i++) {
            int value = digit(name.label(labels - 1 - i), radix, bitsOfLabel);
            if (value < 0) {
                return Optional.empty();
            }
            int bit = i * bitsOfLabel;
            bytes[bit / 8] |= (byte) (value << (8 - bitsOfLabel - bit % 8));
        }
        return Optional.of(new Cidr(IpAddress.of(bytes), labels * bitsOfLabel));
    }

    /// -1 when the label is no canonical number of that many bits.
    private static int digit(String label, int radix, int bits) {
        boolean digits = label.length() <= 3 && label.chars().allMatch(c -> Character.digit(c, radix) >= 0 && c < 0x80);
        if (!digits || (label.length() > 1 && label.startsWith("0"))) {
            return -1;
        }
        int value = Integer.parseInt(label, radix);
        return value < 1 << bits ? value : -1;
    }

    /// The name of the zone that is cut out for the block, above `name`: on the next label boundary.
    static DnsName zoneAbove(DnsName name, Cidr block) {
        int bitsOfLabel = name.isWithin(V4) ? 8 : 4;
        int labels = TREE_LABELS + (block.prefix() + bitsOfLabel - 1) / bitsOfLabel;
        return name.suffix(Math.max(0, name.labelCount() - labels));
    }
}
