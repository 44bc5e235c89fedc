package dev.fairway.kernel.nft;

import dev.fairway.address.Cidr;
import java.util.List;

/// One statement of a rule, as a person would write it in nft syntax. `RuleEncoding` turns it into the kernel's
/// expressions and registers.
public sealed interface Expr {

    /// Goes on when the operand is (or is not) the value.
    record Equal(Operand left, Value right, boolean negated) implements Expr {}

    /// Goes on when the address is (or is not) in the block.
    record Within(Operand left, Cidr block, boolean negated) implements Expr {}

    /// Goes on when the packet came in over the link; never for one that this machine itself sends.
    ///
    /// @param name of the link, at most 15 bytes; with a `*` at its end all links whose names begin so
    record FromLink(String name) implements Expr {

        boolean isPrefix() {
            return name.endsWith("*");
        }

        /// Whether a link of this name is meant.
        public boolean matches(String link) {
            return isPrefix() ? link.startsWith(name.substring(0, name.length() - 1)) : link.equals(name);
        }
    }

    /// Goes on when the packet's connection is in the state.
    record CtState(Bit bit) implements Expr {

        /// `NFT_CT_STATE_BIT` of `enum ip_conntrack_info`.
        public enum Bit {
            NEW(8, "new"),
            /// No packet that its connection can have, such as one far out of the TCP window.
            INVALID(1, "invalid"),
            ESTABLISHED(2, "established");

            private final int number;
            private final String word;

            Bit(int number, String word) {
                this.number = number;
                this.word = word;
            }

            int number() {
                return number;
            }
        }
    }

    /// Goes on when the connection's destination was translated (`IPS_DST_NAT`).
    record CtDnat() implements Expr {}

    /// Goes on when the packet's source or destination is (or is not) an address of this machine.
    record OfMachine(boolean source, boolean negated) implements Expr {}

    /// Goes on when the key is (or is not) in the set.
    record InSet(List<Operand> key, NftSet set, boolean negated) implements Expr {
        public InSet {
            key = List.copyOf(key);
        }
    }

    /// Takes the verdict that the map gives for the key; goes on when it gives none.
    record VerdictOf(List<Operand> key, NftSet map) implements Expr {
        public VerdictOf {
            key = List.copyOf(key);
        }
    }

    /// Translates the destination to the address and port that the map gives; the rule does not match when it gives
    /// none.
    record Dnat(NftFamily family, Operand.MapLookup target) implements Expr {}

    /// Translates the source to the address of the outgoing link, with a random port.
    record Masquerade() implements Expr {}

    /// Answers TCP with a reset, others with ICMP port unreachable; `tcpReset` must follow a match on TCP.
    record Reject(NftFamily family, boolean tcpReset) implements Expr {}

    /// Puts the element into the map, or renews its time.
    record Learn(NftSet map, List<Operand> key, List<Operand> data, int timeoutSeconds) implements Expr {
        public Learn {
            key = List.copyOf(key);
            data = List.copyOf(data);
        }
    }

    record Counter() implements Expr {}

    /// Takes the packet out of connection tracking.
    record Notrack() implements Expr {}

    /// From here on the kernel tells of each rule that the packet matches; `PacketTrace` hears it.
    record Trace() implements Expr {}

    record Take(Verdict verdict) implements Expr {}

    default String toText() {
        return switch (this) {
            case Equal(Operand left, Value right, boolean negated) -> left.toText() + not(negated) + right.toText();
            case Within(Operand left, Cidr block, boolean negated) ->
                left.toText() + not(negated) + (block.prefix() == block.family().bits() ? block.base() : block);
            case FromLink(String name) -> "iifname \"" + name + "\"";
            case CtState(CtState.Bit bit) -> "ct state " + bit.word;
            case CtDnat() -> "ct status dnat";
            case OfMachine(boolean source, boolean negated) ->
                "fib " + (source ? "saddr" : "daddr") + " type" + not(negated) + "local";
            case InSet(List<Operand> key, NftSet set, boolean negated) ->
                Operand.toText(key) + not(negated) + set.reference();
            case VerdictOf(List<Operand> key, NftSet map) -> Operand.toText(key) + " vmap " + map.reference();
            case Dnat(NftFamily family, Operand.MapLookup target) ->
                "dnat " + family.toText() + " to " + target.toText();
            case Masquerade() -> "masquerade fully-random";
            case Reject(NftFamily _, boolean tcpReset) -> tcpReset ? "reject with tcp reset" : "reject";
            case Learn(NftSet map, List<Operand> key, List<Operand> data, int timeoutSeconds) ->
                "update " + map.reference() + " { " + Operand.toText(key) + " timeout " + timeoutSeconds + "s : "
                        + Operand.toText(data) + " }";
            case Counter() -> "counter";
            case Notrack() -> "notrack";
            case Trace() -> "meta nftrace set 1";
            case Take(Verdict verdict) -> verdict.toText();
        };
    }

    private static String not(boolean negated) {
        return negated ? " != " : " ";
    }
}
