package dev.fairway.balancer;

import static dev.fairway.kernel.nft.ValueType.INET_PROTO;
import static dev.fairway.kernel.nft.ValueType.INET_SERVICE;
import static dev.fairway.kernel.nft.ValueType.MARK;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.balancer.EdgeRules.EdgePort;
import dev.fairway.balancer.EdgeRules.Forward;
import dev.fairway.balancer.EdgeRules.Target;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.Expr;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftDump;
import dev.fairway.kernel.nft.NftFamily;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Operand;
import dev.fairway.kernel.nft.Operand.Field;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Table;
import dev.fairway.kernel.nft.Value;
import dev.fairway.kernel.nft.ValueType;
import dev.fairway.kernel.nft.Verdict;
import dev.fairway.table.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The edge's nftables table of one family. Each forwarded port has a chain of its own with one rule, because the rule
/// holds the counter by which its connections take turns.
record EdgeTable(Table table, NftSet ports, NftSet targets, NftSet down, NftSet addresses) {

    static final EdgeTable V4 = of(NftFamily.IP);
    static final EdgeTable V6 = of(NftFamily.IP6);
    static final List<EdgeTable> ALL = List.of(V4, V6);

    static EdgeTable of(IpFamily family) {
        return switch (family) {
            case IPV4 -> V4;
            case IPV6 -> V6;
        };
    }

    private static EdgeTable of(NftFamily family) {
        Table table = new Table(family, "fairway-edge");
        ValueType address = ValueType.address(family);
        return new EdgeTable(
                table,
                NftSet.verdictMap(table, "ports", address, INET_PROTO, INET_SERVICE),
                NftSet.map(table, "targets", List.of(address, INET_PROTO, INET_SERVICE, MARK), address, INET_SERVICE),
                NftSet.set(table, "down", address, INET_PROTO, INET_SERVICE),
                NftSet.set(table, "addresses", address));
    }

    /// Makes the table with its constant chains.
    List<NftCommand> create() {
        NftFamily family = table.family();
        List<NftCommand> commands = new ArrayList<>(List.of(new NftCommand.AddTable(table)));
        List.of(ports, targets, down, addresses).forEach(set -> commands.add(new NftCommand.AddSet(set)));
        Rule forward = Rule.of("forward", new Expr.VerdictOf(key(), ports));
        addChain(commands, base("prerouting", Chain.Type.NAT, Chain.Hook.PREROUTING, -100), forward);
        addChain(commands, base("output", Chain.Type.NAT, Chain.Hook.OUTPUT, -100), forward);
        addChain(
                commands,
                base("postrouting", Chain.Type.NAT, Chain.Hook.POSTROUTING, 100),
                Rule.of(
                        "answers come back this way",
                        new Expr.CtDnat(),
                        new Expr.InSet(List.of(Field.originalDaddr(family)), addresses, false),
                        new Expr.Masquerade()));
        Chain refuse = Chain.of(table, "refuse");
        addChain(
                commands,
                refuse,
                Rule.of(
                        "tcp",
                        new Expr.Equal(Field.L4PROTO, new Value.Proto(Protocol.TCP.number()), false),
                        new Expr.Reject(family, true)),
                Rule.of("others", new Expr.Reject(family, false)));
        Rule noNode = Rule.of(
                "no healthy node", new Expr.InSet(key(), down, false), new Expr.Take(new Verdict.Goto("refuse")));
        addChain(commands, base("filter-input", Chain.Type.FILTER, Chain.Hook.INPUT, 0), noNode);
        addChain(commands, base("filter-output", Chain.Type.FILTER, Chain.Hook.OUTPUT, 0), noNode);
        return commands;
    }

    private Chain base(String name, Chain.Type type, Chain.Hook hook, int priority) {
        return Chain.base(table, name, type, hook, priority);
    }

    private static void addChain(List<NftCommand> commands, Chain chain, Rule... rules) {
        commands.add(new NftCommand.AddChain(chain));
        for (Rule rule : rules) {
            commands.add(new NftCommand.AddRule(chain.table(), chain.name(), rule));
        }
    }

    private List<Operand> key() {
        return List.of(Field.daddr(table.family()), Field.L4PROTO, Field.DPORT);
    }

    /// Starts to forward, or to refuse, a port.
    void add(EdgePort port, Forward forward, List<NftCommand> commands) {
        Element.Key key = key(port);
        List<Target> ends = forward.targets();
        if (ends.isEmpty()) {
            commands.add(new NftCommand.AddElements(down, List.of(new Element(key, Element.Mapped.nothing()))));
            return;
        }
        List<Element> slots = new ArrayList<>();
        for (int slot = 0; slot < ends.size(); slot++) {
            Target end = ends.get(slot);
            Element.Mapped data = Element.Mapped.of(Value.of(end.address()), new Value.Port(end.port()));
            slots.add(new Element(slotKey(port, slot), data));
        }
        commands.add(new NftCommand.AddElements(targets, slots));
        List<Operand> turn = new ArrayList<>(key());
        turn.add(new Operand.Numgen(false, ends.size()));
        Expr dnat = new Expr.Dnat(table.family(), new Operand.MapLookup(turn, targets));
        List<Rule> rules = new ArrayList<>();
        if (!forward.sources().isEmpty()) {
            rules.add(others(forward.sources()));
        }
        rules.add(Rule.of("turns", dnat));
        addChain(commands, Chain.of(table, chainName(port)), rules.toArray(Rule[]::new));
        Element.Mapped chain = new Element.Mapped.To(new Verdict.Goto(chainName(port)));
        commands.add(new NftCommand.AddElements(ports, List.of(new Element(key, chain))));
    }

    /// Drops who is in none of the blocks.
    private Rule others(List<Cidr> sources) {
        Field source = Field.saddr(table.family());
        List<Expr> exprs = new ArrayList<>();
        sources.forEach(block -> exprs.add(new Expr.Within(source, block, true)));
        exprs.add(new Expr.Counter());
        exprs.add(new Expr.Take(Verdict.Plain.DROP));
        return Rule.of("not in the source ranges", exprs.toArray(Expr[]::new));
    }

    /// Undoes `add`.
    void delete(EdgePort port, Forward forward, List<NftCommand> commands) {
        List<Target> ends = forward.targets();
        if (ends.isEmpty()) {
            commands.add(new NftCommand.DeleteElements(down, List.of(key(port))));
            return;
        }
        List<Element.Key> slots = new ArrayList<>();
        for (int slot = 0; slot < ends.size(); slot++) {
            slots.add(slotKey(port, slot));
        }
        commands.add(new NftCommand.DeleteElements(ports, List.of(key(port))));
        commands.add(new NftCommand.FlushChain(table, chainName(port)));
        commands.add(new NftCommand.DeleteChain(table, chainName(port)));
        commands.add(new NftCommand.DeleteElements(targets, slots));
    }

    NftCommand addAddress(IpAddress address) {
        return new NftCommand.AddElements(
                addresses, List.of(new Element(Element.Key.of(Value.of(address)), Element.Mapped.nothing())));
    }

    NftCommand deleteAddress(IpAddress address) {
        return new NftCommand.DeleteElements(addresses, List.of(Element.Key.of(Value.of(address))));
    }

    private static Element.Key key(EdgePort port) {
        return Element.Key.of(
                Value.of(port.address()), new Value.Proto(port.protocol().number()), new Value.Port(port.port()));
    }

    private static Element.Key slotKey(EdgePort port, int slot) {
        List<Value> values = new ArrayList<>(key(port).values());
        values.add(new Value.Mark(slot));
        return new Element.Key(values);
    }

    private static String chainName(EdgePort port) {
        String address = port.address().toString().replace(':', '_');
        return "turns-%s-%s-%d".formatted(address, port.protocol().label(), port.port());
    }

    /// What the kernel forwards now; empty when the table does not exist.
    Optional<EdgeRules> read(NftConnection nft) {
        NftDump.Shape shape = nft.readShape(table);
        if (!shape.exists()) {
            return Optional.empty();
        }
        TreeMap<EdgePort, List<Target>> ends = new TreeMap<>();
        nft.readElements(down).forEach(element -> ends.put(port(element.key()), new ArrayList<>()));
        // slots come in order
        for (Element element : nft.readElements(targets)) {
            target(element.data())
                    .ifPresent(target -> ends.computeIfAbsent(port(element.key()), _ -> new ArrayList<>())
                            .add(target));
        }
        TreeMap<EdgePort, Forward> found = new TreeMap<>();
        ends.forEach((port, targets) -> {
            boolean restricted =
                    shape.chains().getOrDefault(chainName(port), List.of()).size() > 1;
            found.put(port, new Forward(targets, List.of(), !restricted));
        });
        return Optional.of(new EdgeRules(found));
    }

    /// For which addresses the kernel forwards or refuses something; none when the table does not exist.
    Set<IpAddress> answered(NftConnection nft) {
        if (!nft.readShape(table).exists()) {
            return Set.of();
        }
        return Stream.concat(nft.readElements(ports).stream(), nft.readElements(down).stream())
                .map(element -> port(element.key()).address())
                .collect(Collectors.toSet());
    }

    private static EdgePort port(Element.Key key) {
        List<Value> values = key.values();
        if (values.get(0) instanceof Value.Address(IpAddress address)
                && values.get(1) instanceof Value.Proto(int number)
                && values.get(2) instanceof Value.Port(int port)) {
            Protocol protocol = Arrays.stream(Protocol.values())
                    .filter(it -> it.number() == number)
                    .findFirst()
                    .orElseThrow();
            return new EdgePort(address, protocol, port);
        }
        throw new IllegalStateException("an element of the edge has the key " + key.toText());
    }

    private static Optional<Target> target(Element.Mapped data) {
        return data instanceof Element.Mapped.Values(List<Value> values)
                        && values.getFirst() instanceof Value.Address(IpAddress address)
                        && values.getLast() instanceof Value.Port(int port)
                ? Optional.of(new Target(address, port))
                : Optional.empty();
    }
}
