package dev.fairway.kernel.nft;

/// The protocol family of a table (`NFPROTO_*` of `linux/netfilter.h`).
public enum NftFamily {
    IP(2, "ip"),
    IP6(10, "ip6");

    private final int number;
    private final String word;

    NftFamily(int number, String word) {
        this.number = number;
        this.word = word;
    }

    int number() {
        return number;
    }

    /// As in nft syntax: `ip`, `ip6`.
    public String toText() {
        return word;
    }
}
