package dev.fairway.kernel.nft;

import java.util.Optional;

/// A chain. A base chain hangs in a hook and sees packets by itself; others are jumped to.
public record Chain(Table table, String name, Optional<Base> base) {

    /// What a base chain is for (`NFTA_CHAIN_TYPE`).
    public enum Type {
        FILTER,
        NAT,
        ROUTE;

        String word() {
            return switch (this) {
                case FILTER -> "filter";
                case NAT -> "nat";
                case ROUTE -> "route";
            };
        }
    }

    /// Where a packet meets a base chain, with the numbers of `NF_INET_*` (`linux/netfilter.h`).
    public enum Hook {
        PREROUTING(0, "prerouting"),
        INPUT(1, "input"),
        FORWARD(2, "forward"),
        OUTPUT(3, "output"),
        POSTROUTING(4, "postrouting");

        private final int number;
        private final String word;

        Hook(int number, String word) {
            this.number = number;
            this.word = word;
        }

        int number() {
            return number;
        }
    }

    /// @param priority smaller runs earlier; destination NAT is -100, filters 0, source NAT 100
    public record Base(Type type, Hook hook, int priority, boolean accept) {}

    public static Chain of(Table table, String name) {
        return new Chain(table, name, Optional.empty());
    }

    /// A base chain whose policy is accept.
    public static Chain base(Table table, String name, Type type, Hook hook, int priority) {
        return new Chain(table, name, Optional.of(new Base(type, hook, priority, true)));
    }

    /// The line that opens a base chain in nft syntax; empty for other chains.
    public String baseText() {
        return base.map(it -> "type " + it.type().word() + " hook " + it.hook().word + " priority " + it.priority()
                        + "; policy " + (it.accept() ? "accept" : "drop") + ";")
                .orElse("");
    }
}
