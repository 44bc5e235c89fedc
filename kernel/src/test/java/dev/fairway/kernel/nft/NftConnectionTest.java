package dev.fairway.kernel.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.Errno;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Shell;
import dev.fairway.kernel.nft.Operand.Field;
import dev.fairway.kernel.nft.Operand.MapLookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Real transactions in a fresh namespace, read back by us and by the nft command.
class NftConnectionTest {

    private static final Table TABLE = new Table(NftFamily.IP, "t");
    private static final NftSet SERVICES =
            NftSet.verdictMap(TABLE, "services", ValueType.IPV4_ADDR, ValueType.INET_PROTO, ValueType.INET_SERVICE);
    private static final NftSet COUNTS = NftSet.map(TABLE, "counts", List.of(ValueType.INET_PROTO), ValueType.MARK);
    private static final NftSet ENDPOINTS = NftSet.map(
            TABLE,
            "endpoints",
            List.of(ValueType.IPV4_ADDR, ValueType.INET_PROTO, ValueType.INET_SERVICE, ValueType.MARK),
            ValueType.IPV4_ADDR,
            ValueType.INET_SERVICE);
    private static final NftSet HAIRPINS = NftSet.set(TABLE, "hairpins", ValueType.IPV4_ADDR, ValueType.IPV4_ADDR);
    private static final NftSet STICKY = NftSet.learningMap(
            TABLE,
            "sticky",
            List.of(ValueType.IPV4_ADDR, ValueType.IPV4_ADDR, ValueType.INET_PROTO, ValueType.INET_SERVICE),
            List.of(ValueType.IPV4_ADDR, ValueType.INET_SERVICE),
            1000);

    private NetworkNamespace namespace;
    private NftConnection nft;

    @BeforeEach
    void open() {
        namespace = NetworkNamespace.create("fwt-nft-" + ProcessHandle.current().pid());
        nft = NftConnection.open(namespace);
    }

    @AfterEach
    void close() {
        nft.close();
        namespace.delete();
    }

    @Test
    void aRuleMarksPacketsForTheTrace() throws Exception {
        nft.commit(List.of(
                new NftCommand.AddTable(TABLE),
                new NftCommand.AddChain(Chain.of(TABLE, "mark")),
                new NftCommand.AddRule(TABLE, "mark", Rule.of("probe", new Expr.Trace()))));

        assertThat(nftList()).contains("meta nftrace set 1 comment \"probe #");
    }

    @Test
    void theNftCommandPrintsWhatWasCommitted() throws Exception {
        nft.commit(ruleset());

        assertThat(nftList()).isEqualToIgnoringWhitespace("""
                table ip t {
                  map services {
                    type ipv4_addr . inet_proto . inet_service : verdict
                    elements = { 10.96.0.1 . tcp . 80 : goto pick-2 }
                  }
                  map counts {
                    type inet_proto : mark
                    elements = { tcp : 0x00000002 }
                  }
                  map endpoints {
                    type ipv4_addr . inet_proto . inet_service . mark : ipv4_addr . inet_service
                    elements = { 10.96.0.1 . tcp . 80 . 0x00000000 : 10.244.1.2 . 8080,
                                 10.96.0.1 . tcp . 80 . 0x00000001 : 10.244.2.2 . 8080 }
                  }
                  set hairpins {
                    type ipv4_addr . ipv4_addr
                    elements = { 10.244.1.2 . 10.244.1.2 }
                  }
                  map sticky {
                    type ipv4_addr . ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service
                    size 1000
                    flags dynamic,timeout
                  }
                  chain services {
                    dnat ip to ip saddr . ip daddr . meta l4proto . th dport map @sticky comment "sticky #H"
                    ip daddr . meta l4proto . th dport vmap @services comment "balance #H"
                  }
                  chain learn {
                    update @sticky { ip saddr . ct original ip daddr . meta l4proto . ct original proto-dst timeout 3h : ip daddr . th dport } comment "learn #H"
                  }
                  chain pick-2 {
                    dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 2 map @endpoints comment "pick #H"
                  }
                  chain refuse {
                    reject with tcp reset comment "refuse #H"
                    reject comment "refuse #H"
                  }
                  chain output {
                    type nat hook output priority -100; policy accept;
                    jump services comment "all #H"
                  }
                  chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    ct status dnat ct original ip daddr 10.96.0.1 masquerade fully-random comment "service #H"
                    ip saddr . ip daddr @hairpins masquerade fully-random comment "hairpin #H"
                    ip saddr 10.244.0.0/16 ip daddr != 10.0.0.0/8 masquerade fully-random comment "egress #H"
                  }
                  chain forward {
                    type filter hook forward priority filter; policy drop;
                    ct state new counter packets 0 bytes 0 accept comment "count #H"
                  }
                }
                """);
    }

    @Test
    void whatIsReadBackIsWhatWasCommitted() {
        nft.commit(ruleset());

        assertThat(nft.readElements(SERVICES)).containsExactly(service(80));
        assertThat(nft.readElements(COUNTS)).containsExactly(count());
        assertThat(nft.readElements(ENDPOINTS)).containsExactly(endpoint(80, 0, 1), endpoint(80, 1, 2));
        NftDump.Shape shape = nft.readShape(TABLE);
        assertThat(shape.sets()).containsExactly("counts", "endpoints", "hairpins", "services", "sticky");
        assertThat(shape.chains().keySet())
                .containsExactly("forward", "learn", "output", "pick-2", "postrouting", "refuse", "services");
        assertThat(shape.chains().get("pick-2"))
                .extracting(NftDump.FoundRule::comment)
                .containsExactly(pickRule().comment());
    }

    @Test
    void aRefusedCommandIsNamedAndNothingIsChanged() {
        nft.commit(ruleset());
        List<NftCommand> commands = List.of(
                new NftCommand.AddElements(SERVICES, List.of(service(81))),
                new NftCommand.DeleteElements(SERVICES, List.of(service(82).key())));

        assertThatThrownBy(() -> nft.commit(commands))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        e -> assertThat(e.is(Errno.ENOENT)).isTrue())
                .hasMessageContaining("delete element ip t services { 10.96.0.1 . tcp . 82 }")
                .hasMessageContaining("ENOENT");
        assertThat(nft.readElements(SERVICES)).containsExactly(service(80));
    }

    @Test
    void elementListsLargerThanAMessageAreSplit() {
        nft.commit(ruleset());
        List<Element> many =
                IntStream.range(1, 20_000).mapToObj(port -> service(port + 100)).toList();

        nft.commit(List.of(new NftCommand.AddElements(SERVICES, many)));

        List<Element> read = nft.readElements(SERVICES);
        assertThat(read).hasSize(20_000);
        assertThat(new HashSet<>(read).containsAll(many)).isTrue();
    }

    @Test
    void aStaleGenerationIsRefused() {
        nft.commit(ruleset());
        int generation = nft.generation();
        nft.commitAt(generation, List.of(new NftCommand.AddElements(SERVICES, List.of(service(81)))));

        assertThatThrownBy(() ->
                        nft.commitAt(generation, List.of(new NftCommand.AddElements(SERVICES, List.of(service(83))))))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        e -> assertThat(e.is(Errno.ERESTART)).isTrue());
    }

    @Test
    void removingElementsThatAreAbsentIsNoError() {
        nft.commit(ruleset());
        List<Element.Key> keys = List.of(service(80).key(), service(82).key());

        nft.commit(List.of(new NftCommand.RemoveElements(SERVICES, keys)));

        assertThat(nft.readElements(SERVICES)).isEmpty();
    }

    @Test
    void aTableThatIsNotThereIsAbsent() {
        assertThat(nft.readShape(TABLE).exists()).isFalse();
    }

    private static List<NftCommand> ruleset() {
        List<NftCommand> commands = new ArrayList<>(List.of(new NftCommand.AddTable(TABLE)));
        List.of(SERVICES, COUNTS, ENDPOINTS, HAIRPINS, STICKY).forEach(set -> commands.add(new NftCommand.AddSet(set)));
        addBalancing(commands);
        addPostrouting(commands);
        addForward(commands);
        addElements(commands);
        return commands;
    }

    private static void addBalancing(List<NftCommand> commands) {
        List<Operand> frontend = List.of(Field.IP_DADDR, Field.L4PROTO, Field.DPORT);
        List<Operand> client = List.of(Field.IP_SADDR, Field.IP_DADDR, Field.L4PROTO, Field.DPORT);
        Expr tcp = new Expr.Equal(Field.L4PROTO, new Value.Proto(6), false);
        chain(
                commands,
                Chain.of(TABLE, "services"),
                Rule.of("sticky", new Expr.Dnat(NftFamily.IP, new MapLookup(client, STICKY))),
                Rule.of("balance", new Expr.VerdictOf(frontend, SERVICES)));
        List<Operand> original =
                List.of(Field.IP_SADDR, Field.CT_ORIGINAL_IP_DADDR, Field.L4PROTO, Field.CT_ORIGINAL_DPORT);
        chain(
                commands,
                Chain.of(TABLE, "learn"),
                Rule.of("learn", new Expr.Learn(STICKY, original, List.of(Field.IP_DADDR, Field.DPORT), 10800)));
        chain(commands, Chain.of(TABLE, "pick-2"), pickRule());
        chain(
                commands,
                Chain.of(TABLE, "refuse"),
                Rule.of("refuse", tcp, new Expr.Reject(NftFamily.IP, true)),
                Rule.of("refuse", new Expr.Reject(NftFamily.IP, false)));
        chain(
                commands,
                Chain.base(TABLE, "output", Chain.Type.NAT, Chain.Hook.OUTPUT, -100),
                Rule.of("all", new Expr.Take(new Verdict.Jump("services"))));
    }

    private static void addPostrouting(List<NftCommand> commands) {
        chain(
                commands,
                Chain.base(TABLE, "postrouting", Chain.Type.NAT, Chain.Hook.POSTROUTING, 100),
                Rule.of(
                        "service",
                        new Expr.CtDnat(),
                        new Expr.Equal(Field.CT_ORIGINAL_IP_DADDR, Value.of(IpAddress.parse("10.96.0.1")), false),
                        new Expr.Masquerade()),
                Rule.of(
                        "hairpin",
                        new Expr.InSet(List.of(Field.IP_SADDR, Field.IP_DADDR), HAIRPINS, false),
                        new Expr.Masquerade()),
                Rule.of(
                        "egress",
                        new Expr.Within(Field.IP_SADDR, Cidr.parse("10.244.0.0/16"), false),
                        new Expr.Within(Field.IP_DADDR, Cidr.parse("10.0.0.0/8"), true),
                        new Expr.Masquerade()));
    }

    private static void addForward(List<NftCommand> commands) {
        Chain.Base dropping = new Chain.Base(Chain.Type.FILTER, Chain.Hook.FORWARD, 0, false);
        chain(
                commands,
                new Chain(TABLE, "forward", java.util.Optional.of(dropping)),
                Rule.of(
                        "count",
                        new Expr.CtState(Expr.CtState.Bit.NEW),
                        new Expr.Counter(),
                        new Expr.Take(Verdict.Plain.ACCEPT)));
    }

    private static void addElements(List<NftCommand> commands) {
        commands.add(new NftCommand.AddElements(COUNTS, List.of(count())));
        commands.add(new NftCommand.AddElements(SERVICES, List.of(service(80))));
        commands.add(new NftCommand.AddElements(ENDPOINTS, List.of(endpoint(80, 0, 1), endpoint(80, 1, 2))));
        Value pod = Value.of(IpAddress.parse("10.244.1.2"));
        commands.add(new NftCommand.AddElements(
                HAIRPINS, List.of(new Element(Element.Key.of(pod, pod), Element.Mapped.nothing()))));
    }

    private static void chain(List<NftCommand> commands, Chain chain, Rule... rules) {
        commands.add(new NftCommand.AddChain(chain));
        for (Rule rule : rules) {
            commands.add(new NftCommand.AddRule(chain.table(), chain.name(), rule));
        }
    }

    private static Rule pickRule() {
        return Rule.of("pick", new Expr.Dnat(NftFamily.IP, chosen()));
    }

    private static MapLookup chosen() {
        return new MapLookup(
                List.of(Field.IP_DADDR, Field.L4PROTO, Field.DPORT, new Operand.Numgen(true, 2)), ENDPOINTS);
    }

    private static Element count() {
        return new Element(Element.Key.of(new Value.Proto(6)), Element.Mapped.of(new Value.Mark(2)));
    }

    private static Element service(int port) {
        return new Element(
                Element.Key.of(Value.of(IpAddress.parse("10.96.0.1")), new Value.Proto(6), new Value.Port(port)),
                new Element.Mapped.To(new Verdict.Goto("pick-2")));
    }

    private static Element endpoint(int port, int slot, int node) {
        return new Element(
                Element.Key.of(
                        Value.of(IpAddress.parse("10.96.0.1")),
                        new Value.Proto(6),
                        new Value.Port(port),
                        new Value.Mark(slot)),
                Element.Mapped.of(Value.of(IpAddress.parse("10.244." + node + ".2")), new Value.Port(8080)));
    }

    /// The listing, with fingerprints made equal.
    private String nftList() throws IOException, InterruptedException {
        return Shell.run("ip", "netns", "exec", namespace.name(), "nft", "list", "ruleset")
                .replaceAll("#[0-9a-f]{8}", "#H");
    }
}
