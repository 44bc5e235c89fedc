package dev.fairway.kernel.nft;

import dev.fairway.address.Cidr;
import dev.fairway.kernel.netlink.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Writes statements as the kernel's expressions (`NFTA_EXPR_*`, `linux/netfilter/nf_tables.h`).
///
/// Operands are loaded into successive 4-byte registers, a 16-byte address into four of them. Every statement starts
/// again at the first register: nothing is carried from one to the next.
final class RuleEncoding {

    private static final int LIST_ELEM = 1;
    private static final int SET_EXPR = 17;
    private static final int EXPR_NAME = 1;
    private static final int EXPR_DATA = 2;
    private static final int VERDICT_REGISTER = 0;
    private static final int CMP_EQ = 0;
    private static final int CMP_NEQ = 1;
    private static final int IPS_DST_NAT = 0x20;
    private static final int NAT_RANDOM_FULLY = 0x10;
    private static final int FIB_SADDR = 1;
    private static final int FIB_DADDR = 2;
    private static final int FIB_RESULT_ADDRTYPE = 3;
    private static final int RTN_LOCAL = 2;
    private static final int META_IIFNAME = 6;
    private static final int META_NFTRACE = 12;
    private static final int LINK_NAME_BYTES = 16;

    private final MessageWriter out;

    RuleEncoding(MessageWriter out) {
        this.out = out;
    }

    void write(Expr expr) {
        switch (expr) {
            case Expr.Equal(Operand left, Value right, boolean negated) -> {
                load(left, 0);
                compare(negated, right.toBytes());
            }
            case Expr.Within(Operand left, Cidr block, boolean negated) -> {
                load(left, 0);
                mask(block.mask().toBytes());
                compare(negated, block.base().toBytes());
            }
            case Expr.FromLink link -> fromLink(link);
            case Expr.CtState(Expr.CtState.Bit bit) -> anyBit(Operand.Field.CT_STATE, bit.number());
            case Expr.CtDnat() -> anyBit(Operand.Field.CT_STATUS, IPS_DST_NAT);
            case Expr.OfMachine(boolean source, boolean negated) -> ofMachine(source, negated);
            case Expr.InSet(List<Operand> key, NftSet set, boolean negated) -> {
                loadAll(key, 0);
                lookup(set, false, 0, negated);
            }
            case Expr.VerdictOf(List<Operand> key, NftSet map) -> {
                loadAll(key, 0);
                lookup(map, true, VERDICT_REGISTER, false);
            }
            case Expr.Dnat(NftFamily family, Operand.MapLookup target) -> dnat(family, target);
            case Expr.Masquerade() -> expr("masq", () -> out.attributeU32Network(1, NAT_RANDOM_FULLY));
            case Expr.Reject(NftFamily family, boolean tcpReset) -> reject(family, tcpReset);
            case Expr.Learn(NftSet map, List<Operand> key, List<Operand> data, int timeoutSeconds) ->
                learn(map, key, data, timeoutSeconds);
            case Expr.Counter() -> expr("counter", this::nothingCounted);
            case Expr.Notrack() -> expr("notrack", () -> {});
            case Expr.Trace() -> trace();
            case Expr.Take(Verdict verdict) ->
                expr("immediate", () -> {
                    out.attributeU32Network(1, VERDICT_REGISTER);
                    out.nested(2, () -> verdict(out, verdict));
                });
        }
    }

    /// NFTA_DATA_VERDICT, also used by elements of verdict maps.
    static void verdict(MessageWriter out, Verdict verdict) {
        out.nested(2, () -> {
            out.attributeU32Network(1, verdict.code());
            if (!verdict.chain().isEmpty()) {
                out.attributeText(2, verdict.chain());
            }
        });
    }

    /// NFTA_SET_EXPR: what every new element of a set begins with.
    void counterOfSet() {
        expr(SET_EXPR, "counter", this::nothingCounted);
    }

    private void nothingCounted() {
        out.attributeU64Network(1, 0).attributeU64Network(2, 0);
    }

    private void expr(String name, Runnable body) {
        expr(LIST_ELEM, name, body);
    }

    private void expr(int attribute, String name, Runnable body) {
        out.nested(attribute, () -> {
            out.attributeText(EXPR_NAME, name);
            out.nested(EXPR_DATA, body);
        });
    }

    private int loadAll(List<Operand> operands, int slot) {
        int next = slot;
        for (Operand operand : operands) {
            next = load(operand, next);
        }
        return next;
    }

    /// Loads at the slot and returns the next free one.
    private int load(Operand operand, int slot) {
        switch (operand) {
            case Operand.Field field -> loadField(field, slot);
            case Operand.Numgen(boolean random, int modulus, int offset) ->
                expr("numgen", () -> {
                    out.attributeU32Network(1, register(slot)).attributeU32Network(2, modulus);
                    out.attributeU32Network(3, random ? 1 : 0).attributeU32Network(4, offset);
                });
            case Operand.Constant(Value value) -> immediate(slot, value.toBytes());
            case Operand.MapLookup(List<Operand> key, NftSet map) -> {
                loadAll(key, slot);
                lookupAt(map, slot);
            }
        }
        return slot + operand.types().stream().mapToInt(ValueType::paddedBytes).sum() / 4;
    }

    private void loadField(Operand.Field field, int slot) {
        switch (field) {
            case IP_SADDR -> payload(slot, 1, 12, 4);
            case IP_DADDR -> payload(slot, 1, 16, 4);
            case IP6_SADDR -> payload(slot, 1, 8, 16);
            case IP6_DADDR -> payload(slot, 1, 24, 16);
            case SPORT -> payload(slot, 2, 0, 2);
            case DPORT -> payload(slot, 2, 2, 2);
            case L4PROTO -> meta(slot, 16);
            case META_MARK -> meta(slot, 3);
            case CT_ORIGINAL_IP_DADDR -> ctOriginal(slot, 20);
            case CT_ORIGINAL_IP6_DADDR -> ctOriginal(slot, 22);
            case CT_ORIGINAL_DPORT -> ctOriginal(slot, 12);
            case CT_STATUS -> ct(slot, 2);
            case CT_STATE -> ct(slot, 0);
        }
    }

    /// @param base 1 for the network header, 2 for the transport header
    private void payload(int slot, int base, int offset, int length) {
        expr(
                "payload",
                () -> out.attributeU32Network(1, register(slot))
                        .attributeU32Network(2, base)
                        .attributeU32Network(3, offset)
                        .attributeU32Network(4, length));
    }

    private void meta(int slot, int key) {
        expr("meta", () -> out.attributeU32Network(2, key).attributeU32Network(1, register(slot)));
    }

    private void ct(int slot, int key) {
        expr("ct", () -> out.attributeU32Network(2, key).attributeU32Network(1, register(slot)));
    }

    private void ctOriginal(int slot, int key) {
        expr(
                "ct",
                () -> out.attributeU32Network(2, key)
                        .attributeU32Network(1, register(slot))
                        .attributeU8(3, 0));
    }

    private void anyBit(Operand.Field field, int bit) {
        load(field, 0);
        mask(nativeOrder(bit));
        compare(true, new byte[4]);
    }

    /// The name fills a register with zeros behind it, so that a prefix is a comparison of its own length.
    private void fromLink(Expr.FromLink link) {
        meta(0, META_IIFNAME);
        byte[] name = link.name().getBytes(StandardCharsets.UTF_8);
        compare(false, Arrays.copyOf(name, link.isPrefix() ? name.length - 1 : LINK_NAME_BYTES));
    }

    private void ofMachine(boolean source, boolean negated) {
        expr(
                "fib",
                () -> out.attributeU32Network(3, source ? FIB_SADDR : FIB_DADDR)
                        .attributeU32Network(2, FIB_RESULT_ADDRTYPE)
                        .attributeU32Network(1, register(0)));
        compare(negated, nativeOrder(RTN_LOCAL));
    }

    private static byte[] nativeOrder(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(number)
                .array();
    }

    private void mask(byte[] mask) {
        expr("bitwise", () -> {
            out.attributeU32Network(1, register(0)).attributeU32Network(2, register(0));
            out.attributeU32Network(3, mask.length);
            out.nested(4, () -> out.attribute(1, mask));
            out.nested(5, () -> out.attribute(1, new byte[mask.length]));
        });
    }

    private void compare(boolean negated, byte[] value) {
        expr("cmp", () -> {
            out.attributeU32Network(1, register(0)).attributeU32Network(2, negated ? CMP_NEQ : CMP_EQ);
            out.nested(3, () -> out.attribute(1, value));
        });
    }

    private void lookup(NftSet set, boolean destination, int register, boolean negated) {
        expr("lookup", () -> {
            out.attributeU32Network(2, register(0));
            if (destination) {
                out.attributeU32Network(3, register);
            }
            out.attributeText(1, set.name());
            if (negated) {
                out.attributeU32Network(5, 1);
            }
        });
    }

    private void lookupAt(NftSet map, int slot) {
        expr("lookup", () -> {
            out.attributeU32Network(2, register(slot)).attributeU32Network(3, register(slot));
            out.attributeText(1, map.name());
        });
    }

    private void dnat(NftFamily family, Operand.MapLookup target) {
        load(target, 0);
        int port = register(family == NftFamily.IP ? 1 : 4);
        expr("nat", () -> {
            out.attributeU32Network(1, 1).attributeU32Network(2, family.number());
            out.attributeU32Network(3, register(0)).attributeU32Network(5, port);
        });
    }

    private void immediate(int slot, byte[] value) {
        expr("immediate", () -> {
            out.attributeU32Network(1, register(slot));
            out.nested(2, () -> out.attribute(1, value));
        });
    }

    private void trace() {
        immediate(0, new byte[] {1});
        expr("meta", () -> out.attributeU32Network(2, META_NFTRACE).attributeU32Network(3, register(0)));
    }

    private void reject(NftFamily family, boolean tcpReset) {
        int portUnreachable = family == NftFamily.IP ? 3 : 4; // ICMP_PORT_UNREACH, ICMPV6_PORT_UNREACH
        expr(
                "reject",
                () -> out.attributeU32Network(1, tcpReset ? 1 : 0).attributeU8(2, tcpReset ? 0 : portUnreachable));
    }

    private void learn(NftSet map, List<Operand> key, List<Operand> data, int timeoutSeconds) {
        int dataSlot = loadAll(key, 0);
        loadAll(data, dataSlot);
        expr("dynset", () -> {
            out.attributeU32Network(4, register(0)).attributeU32Network(5, register(dataSlot));
            out.attributeU32Network(3, 1).attributeU64Network(6, timeoutSeconds * 1000L);
            out.attributeText(1, map.name());
        });
    }

    /// The number of the register at a 4-byte slot: where a 16-byte register starts the kernel and nft name that one.
    private static int register(int slot) {
        return slot % 4 == 0 ? 1 + slot / 4 : 8 + slot;
    }
}
