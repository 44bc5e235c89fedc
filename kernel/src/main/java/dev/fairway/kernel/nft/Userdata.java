package dev.fairway.kernel.nft;

import dev.fairway.kernel.netlink.AttributeReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The notes that nft keeps with rules and sets (libnftnl `udata.h`: u8 type, u8 length, value): the kernel only stores
/// them, `nft list` prints and uses them.
final class Userdata {

    private static final int RULE_COMMENT = 0;
    private static final int SET_KEY_BYTE_ORDER = 0;
    private static final int SET_DATA_BYTE_ORDER = 1;
    private static final int HOST_ENDIAN = 1;
    private static final int BIG_ENDIAN = 2;
    private static final int MAX_COMMENT_BYTES = 127;

    private Userdata() {}

    static byte[] ofRule(Rule rule) {
        byte[] text = rule.comment().getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_COMMENT_BYTES) {
            throw new IllegalArgumentException("the comment of a rule is too long: " + rule.comment());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(RULE_COMMENT);
        out.write(text.length + 1);
        out.writeBytes(text);
        out.write(0);
        return out.toByteArray();
    }

    /// The comment of a rule, empty when it has none.
    static String ruleComment(AttributeReader.Attribute userdata) {
        byte[] bytes = userdata.toBytes();
        int at = 0;
        while (at + 2 <= bytes.length) {
            int length = Math.min(bytes[at + 1] & 0xff, bytes.length - at - 2);
            if (bytes[at] == RULE_COMMENT && length > 0) {
                return new String(bytes, at + 2, length - 1, StandardCharsets.UTF_8);
            }
            at += 2 + length;
        }
        return "";
    }

    /// Tells nft in which byte order single numbers are, so that it prints 2 and not 33554432.
    static byte[] ofSet(NftSet set) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byteOrder(out, SET_KEY_BYTE_ORDER, set.key());
        switch (set.data()) {
            case NftSet.Target.Values(List<ValueType> types) -> byteOrder(out, SET_DATA_BYTE_ORDER, types);
            case NftSet.Target.Nothing() -> byteOrder(out, SET_DATA_BYTE_ORDER, List.of());
            case NftSet.Target.Verdicts() -> byteOrder(out, SET_DATA_BYTE_ORDER, List.of());
        }
        return out.toByteArray();
    }

    private static void byteOrder(ByteArrayOutputStream out, int type, List<ValueType> types) {
        int order = types.equals(List.of(ValueType.MARK)) ? HOST_ENDIAN : types.isEmpty() ? 0 : BIG_ENDIAN;
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        out.write(type);
        out.write(4);
        for (int i = 0; i < 4; i++) {
            out.write(order >> (little ? 8 * i : 24 - 8 * i));
        }
    }
}
