package dev.fairway.kernel.nft;

import java.util.List;
import java.util.stream.Collectors;

/// Something that a rule loads into a register.
public sealed interface Operand {

    /// A field of the packet or of its connection.
    enum Field implements Operand {
        IP_SADDR("ip saddr", ValueType.IPV4_ADDR),
        IP_DADDR("ip daddr", ValueType.IPV4_ADDR),
        IP6_SADDR("ip6 saddr", ValueType.IPV6_ADDR),
        IP6_DADDR("ip6 daddr", ValueType.IPV6_ADDR),
        L4PROTO("meta l4proto", ValueType.INET_PROTO),
        SPORT("th sport", ValueType.INET_SERVICE),
        DPORT("th dport", ValueType.INET_SERVICE),
        META_MARK("meta mark", ValueType.MARK),
        /// The address that the connection's first packet was sent to.
        CT_ORIGINAL_IP_DADDR("ct original ip daddr", ValueType.IPV4_ADDR),
        CT_ORIGINAL_IP6_DADDR("ct original ip6 daddr", ValueType.IPV6_ADDR),
        /// The port that the connection's first packet was sent to.
        CT_ORIGINAL_DPORT("ct original proto-dst", ValueType.INET_SERVICE),
        CT_STATUS("ct status", ValueType.MARK),
        CT_STATE("ct state", ValueType.MARK);

        private final String words;
        private final ValueType type;

        Field(String words, ValueType type) {
            this.words = words;
            this.type = type;
        }

        public static Field saddr(NftFamily family) {
            return family == NftFamily.IP ? IP_SADDR : IP6_SADDR;
        }

        public static Field daddr(NftFamily family) {
            return family == NftFamily.IP ? IP_DADDR : IP6_DADDR;
        }

        public static Field originalDaddr(NftFamily family) {
            return family == NftFamily.IP ? CT_ORIGINAL_IP_DADDR : CT_ORIGINAL_IP6_DADDR;
        }
    }

    /// A number from `offset` to `offset + modulus - 1`: random, or counting up by one each time the rule is reached.
    record Numgen(boolean random, int modulus, int offset) implements Operand {
        public Numgen(boolean random, int modulus) {
            this(random, modulus, 0);
        }
    }

    /// The same for every packet.
    record Constant(Value value) implements Operand {}

    /// What the map gives for the key; the rule does not match when the key is absent.
    record MapLookup(List<Operand> key, NftSet map) implements Operand {
        public MapLookup {
            key = List.copyOf(key);
        }
    }

    default List<ValueType> types() {
        return switch (this) {
            case Field field -> List.of(field.type);
            case Numgen(boolean _, int _, int _) -> List.of(ValueType.MARK);
            case Constant(Value value) -> List.of(value.type());
            case MapLookup(List<Operand> _, NftSet map) ->
                switch (map.data()) {
                    case NftSet.Target.Values(List<ValueType> types) -> types;
                    case NftSet.Target.Nothing() -> List.of();
                    case NftSet.Target.Verdicts() -> List.of();
                };
        };
    }

    default String toText() {
        return switch (this) {
            case Field field -> field.words;
            case Numgen(boolean random, int modulus, int offset) ->
                "numgen " + (random ? "random" : "inc") + " mod " + modulus + (offset == 0 ? "" : " offset " + offset);
            case Constant(Value value) -> value.toText();
            case MapLookup(List<Operand> key, NftSet map) -> toText(key) + " map " + map.reference();
        };
    }

    static String toText(List<Operand> operands) {
        return operands.stream().map(Operand::toText).collect(Collectors.joining(" . "));
    }
}
