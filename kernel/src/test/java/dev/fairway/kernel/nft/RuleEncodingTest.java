package dev.fairway.kernel.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.netlink.MessageWriter;
import dev.fairway.kernel.nft.Operand.Field;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Our bytes against those of `nft add rule` (nft 1.0.6 under strace, little-endian). nft also names a set by its id in
/// the transaction, which the kernel does not need beside the name: those attributes are cut out of the goldens.
class RuleEncodingTest {

    private static final Table TABLE = new Table(NftFamily.IP, "t");
    private static final NftSet PAIRS = NftSet.set(TABLE, "pairs", ValueType.IPV4_ADDR, ValueType.IPV4_ADDR);
    private static final NftSet IPS = NftSet.set(TABLE, "ips", ValueType.IPV4_ADDR);
    private static final List<ValueType> FRONTEND =
            List.of(ValueType.IPV4_ADDR, ValueType.INET_PROTO, ValueType.INET_SERVICE);
    private static final NftSet SERVICES = NftSet.verdictMap(TABLE, "services", FRONTEND.toArray(ValueType[]::new));
    private static final List<ValueType> ENDPOINT = List.of(ValueType.IPV4_ADDR, ValueType.INET_SERVICE);
    private static final NftSet AFFINITY =
            NftSet.learningMap(TABLE, "affinity", FRONTEND, ENDPOINT, 65_536); // the key's types are not in the rule
    private static final NftSet ENDPOINTS = NftSet.learningMap(TABLE, "endpoints", FRONTEND, ENDPOINT, 65_536);
    private static final List<Operand> KEY = List.of(Field.IP_DADDR, Field.L4PROTO, Field.DPORT);
    private static final Expr TCP = new Expr.Equal(Field.L4PROTO, new Value.Proto(6), false);

    static Stream<Arguments> goldens() {
        return Stream.of(
                balancing(),
                lookupOfAService(),
                hairpin(),
                firstPacketsOnly(),
                returnsOfTranslated(),
                network(),
                learning(),
                learningOfAnother(),
                tcpReset(),
                refusal(),
                ownSource(),
                foreignDestination(),
                fromABridge(),
                fromLinksOfAKind());
    }

    private static Arguments balancing() {
        return arguments(
                "meta l4proto tcp dnat ip addr . port to"
                        + " ip daddr . meta l4proto . th dport . numgen inc mod 3 map @endpoints",
                List.of(
                        TCP,
                        new Expr.Dnat(
                                NftFamily.IP,
                                new Operand.MapLookup(
                                        List.of(
                                                Field.IP_DADDR,
                                                Field.L4PROTO,
                                                Field.DPORT,
                                                new Operand.Numgen(false, 3)),
                                        ENDPOINTS))),
                """
                24000180090001006d6574610000000014000280080002000000001008000100
                000000012c00018008000100636d700020000280080001000000000108000200
                000000000c0003800500010006000000340001800c0001007061796c6f616400
                2400028008000100000000010800020000000001080003000000001008000400
                0000000424000180090001006d65746100000000140002800800020000000010
                0800010000000009340001800c0001007061796c6f6164002400028008000100
                0000000a08000200000000020800030000000002080004000000000234000180
                0b0001006e756d67656e000024000280080001000000000b0800020000000003
                08000300000000000800040000000000340001800b0001006c6f6f6b75700000
                24000280080002000000000108000300000000010e000100656e64706f696e74
                7300000030000180080001006e61740024000280080001000000000108000200
                0000000208000300000000010800050000000009
                """);
    }

    private static Arguments lookupOfAService() {
        return arguments(
                "ip daddr . meta l4proto . th dport vmap @services", List.of(new Expr.VerdictOf(KEY, SERVICES)), """
                340001800c0001007061796c6f61640024000280080001000000000108000200
                000000010800030000000010080004000000000424000180090001006d657461
                000000001400028008000200000000100800010000000009340001800c000100
                7061796c6f61640024000280080001000000000a080002000000000208000300
                000000020800040000000002340001800b0001006c6f6f6b7570000024000280
                080002000000000108000300000000000d000100736572766963657300000000
                """);
    }

    private static Arguments ownSource() {
        return arguments("fib saddr type local", List.of(new Expr.OfMachine(true, false)), """
                2800018008000100666962001c00028008000300000000010800020000000003
                08000100000000012c00018008000100636d7000200002800800010000000001
                08000200000000000c0003800800010002000000
                """);
    }

    private static Arguments foreignDestination() {
        return arguments("fib daddr type != local", List.of(new Expr.OfMachine(false, true)), """
                2800018008000100666962001c00028008000300000000020800020000000003
                08000100000000012c00018008000100636d7000200002800800010000000001
                08000200000000010c0003800800010002000000
                """);
    }

    private static Arguments fromABridge() {
        return arguments("iifname pods", List.of(new Expr.FromLink("pods")), """
                24000180090001006d6574610000000014000280080002000000000608000100
                000000013800018008000100636d70002c000280080001000000000108000200
                000000001800038014000100706f6473000000000000000000000000
                """);
    }

    private static Arguments fromLinksOfAKind() {
        return arguments("iifname veth*", List.of(new Expr.FromLink("veth*")), """
                24000180090001006d6574610000000014000280080002000000000608000100
                000000012c00018008000100636d700020000280080001000000000108000200
                000000000c0003800800010076657468
                """);
    }

    private static Arguments hairpin() {
        return arguments(
                "ip saddr . ip daddr != @pairs masquerade fully-random",
                List.of(new Expr.InSet(List.of(Field.IP_SADDR, Field.IP_DADDR), PAIRS, true), new Expr.Masquerade()),
                """
                340001800c0001007061796c6f61640024000280080001000000000108000200
                00000001080003000000000c0800040000000004340001800c0001007061796c
                6f61640024000280080001000000000908000200000000010800030000000010
                0800040000000004300001800b0001006c6f6f6b757000002000028008000200
                000000010a000100706169727300000008000500000000011c00018009000100
                6d617371000000000c0002800800010000000010
                """);
    }

    private static Arguments firstPacketsOnly() {
        return arguments(
                "ct state new jump d",
                List.of(new Expr.CtState(Expr.CtState.Bit.NEW), new Expr.Take(new Verdict.Jump("d"))),
                """
                2000018007000100637400001400028008000200000000000800010000000001
                440001800c000100626974776973650034000280080001000000000108000200
                0000000108000300000000040c00048008000100080000000c00058008000100
                000000002c00018008000100636d700020000280080001000000000108000200
                000000010c0003800800010000000000380001800e000100696d6d6564696174
                65000000240002800800010000000000180002801400028008000100fffffffd
                0600020064000000
                """);
    }

    private static Arguments returnsOfTranslated() {
        return arguments(
                "ct status dnat ct original ip daddr @ips return",
                List.of(
                        new Expr.CtDnat(),
                        new Expr.InSet(List.of(Field.CT_ORIGINAL_IP_DADDR), IPS, false),
                        new Expr.Take(Verdict.Plain.RETURN)),
                """
                2000018007000100637400001400028008000200000000020800010000000001
                440001800c000100626974776973650034000280080001000000000108000200
                0000000108000300000000040c00048008000100200000000c00058008000100
                000000002c00018008000100636d700020000280080001000000000108000200
                000000010c00038008000100000000002800018007000100637400001c000280
                080002000000001408000100000000010500030000000000240001800b000100
                6c6f6f6b75700000140002800800020000000001080001006970730030000180
                0e000100696d6d6564696174650000001c000280080001000000000010000280
                0c00028008000100fffffffb
                """);
    }

    private static Arguments network() {
        return arguments(
                "ip saddr 10.244.0.0/15 accept",
                List.of(
                        new Expr.Within(Field.IP_SADDR, Cidr.parse("10.244.0.0/15"), false),
                        new Expr.Take(Verdict.Plain.ACCEPT)),
                """
                340001800c0001007061796c6f61640024000280080001000000000108000200
                00000001080003000000000c0800040000000004440001800c00010062697477
                6973650034000280080001000000000108000200000000010800030000000004
                0c00048008000100fffe00000c00058008000100000000002c00018008000100
                636d700020000280080001000000000108000200000000000c00038008000100
                0af40000300001800e000100696d6d6564696174650000001c00028008000100
                00000000100002800c0002800800010000000001
                """);
    }

    private static Arguments learning() {
        return arguments(
                "update @affinity { ip saddr . ip daddr . meta l4proto . th dport timeout 3h"
                        + " : ip daddr . th dport }",
                List.of(new Expr.Learn(
                        AFFINITY,
                        List.of(Field.IP_SADDR, Field.IP_DADDR, Field.L4PROTO, Field.DPORT),
                        List.of(Field.IP_DADDR, Field.DPORT),
                        10_800)),
                """
                340001800c0001007061796c6f61640024000280080001000000000108000200
                00000001080003000000000c0800040000000004340001800c0001007061796c
                6f61640024000280080001000000000908000200000000010800030000000010
                080004000000000424000180090001006d657461000000001400028008000200
                00000010080001000000000a340001800c0001007061796c6f61640024000280
                080001000000000b080002000000000208000300000000020800040000000002
                340001800c0001007061796c6f61640024000280080001000000000208000200
                0000000108000300000000100800040000000004340001800c0001007061796c
                6f61640024000280080001000000000d08000200000000020800030000000002
                0800040000000002480001800b00010064796e73657400003800028008000400
                00000001080005000000000208000300000000010c0006000000000000a4cb80
                0d000100616666696e69747900000000
                """);
    }

    private static Arguments learningOfAnother() {
        return arguments(
                "update @affinity { ip saddr . 10.96.0.1 . 6 . 443 timeout 600s : ip daddr . 8443 }",
                List.of(new Expr.Learn(
                        AFFINITY,
                        List.of(
                                Field.IP_SADDR,
                                new Operand.Constant(Value.of(IpAddress.parse("10.96.0.1"))),
                                new Operand.Constant(new Value.Proto(6)),
                                new Operand.Constant(new Value.Port(443))),
                        List.of(Field.IP_DADDR, new Operand.Constant(new Value.Port(8443))),
                        600)),
                """
                340001800c0001007061796c6f61640024000280080001000000000108000200
                00000001080003000000000c08000400000000042c0001800e000100696d6d65
                64696174650000001800028008000100000000090c000280080001000a600001
                2c0001800e000100696d6d65646961746500000018000280080001000000000a
                0c00028005000100060000002c0001800e000100696d6d656469617465000000
                18000280080001000000000b0c0002800600010001bb0000340001800c000100
                7061796c6f616400240002800800010000000002080002000000000108000300
                0000001008000400000000042c0001800e000100696d6d656469617465000000
                18000280080001000000000d0c0002800600010020fb0000480001800b000100
                64796e7365740000380002800800040000000001080005000000000208000300
                000000010c00060000000000000927c00d000100616666696e69747900000000
                """);
    }

    private static Arguments tcpReset() {
        return arguments(
                "meta l4proto tcp reject with tcp reset", List.of(TCP, new Expr.Reject(NftFamily.IP, true)), """
                24000180090001006d6574610000000014000280080002000000001008000100
                000000012c00018008000100636d700020000280080001000000000108000200
                000000000c0003800500010006000000240001800b00010072656a6563740000
                1400028008000100000000010500020000000000
                """);
    }

    private static Arguments refusal() {
        return arguments("reject", List.of(new Expr.Reject(NftFamily.IP, false)), """
                240001800b00010072656a656374000014000280080001000000000005000200
                03000000
                """);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void ourBytesAreThoseOfNft(String command, List<Expr> exprs, String golden) {
        MessageWriter out = new MessageWriter();
        exprs.forEach(new RuleEncoding(out)::write);

        String[] ours = HexFormat.of().formatHex(out.toBytes()).split("(?<=\\G.{64})");
        assertThat(Arrays.asList(ours)).as(command).isEqualTo(golden.lines().toList());
    }
}
