package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ChainRules;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.Expr;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Operand;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Table;
import dev.fairway.kernel.nft.Value;
import dev.fairway.kernel.nft.Verdict;
import dev.fairway.table.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// Walks the first packet of a connection through a ruleset as a value, as the kernel would; written from the manual
/// of nftables and knowing nothing of how the ruleset was planned.
final class Tracer {

    private final SortedMap<ElementAt, Element.Mapped> elements;
    private final SortedMap<ChainAt, ChainRules> chains;
    private final Table table;
    private final int turn;
    private final List<String> path = new ArrayList<>();

    private IpAddress source;
    private IpAddress destination;
    private final IpAddress originalDestination;
    private final Protocol protocol;
    private int port;
    private final int originalPort;
    private final boolean fromNode;
    private boolean translated;
    private boolean masqueraded;

    private enum End {
        GOES_ON,
        RETURNED,
        TAKEN,
        REFUSED,
        DROPPED
    }

    /// @param turn what every numgen gives, modulo its modulus
    private Tracer(
            Ruleset ruleset,
            boolean fromNode,
            IpAddress source,
            IpAddress destination,
            Protocol protocol,
            int port,
            int turn) {
        this.fromNode = fromNode;
        this.elements = ruleset.elements();
        this.chains = ruleset.chains();
        this.table = Layout.of(destination.family()).table();
        this.source = source;
        this.destination = destination;
        this.originalDestination = destination;
        this.protocol = protocol;
        this.port = port;
        this.originalPort = port;
        this.turn = turn;
    }

    /// Where the packet goes in the end.
    ///
    /// @param stopped `refused` or `silent` when it goes nowhere, else empty
    record Trace(String stopped, IpAddress destination, int port, boolean masqueraded, List<String> path) {}

    static Trace trace(
            Ruleset ruleset,
            boolean fromNode,
            IpAddress source,
            IpAddress destination,
            Protocol protocol,
            int port,
            int turn) {
        return new Tracer(ruleset, fromNode, source, destination, protocol, port, turn).run();
    }

    private Trace run() {
        End end = hook(fromNode ? Chain.Hook.OUTPUT : Chain.Hook.PREROUTING);
        if (end == End.GOES_ON && !fromNode) {
            end = hook(isNodes(destination) ? Chain.Hook.INPUT : Chain.Hook.FORWARD);
        }
        if (end == End.GOES_ON) {
            end = hook(Chain.Hook.POSTROUTING);
        }
        String stopped = end == End.REFUSED ? "refused" : end == End.DROPPED ? "silent" : "";
        return new Trace(stopped, destination, port, masqueraded, path);
    }

    private static boolean isNodes(IpAddress address) {
        return Tables.NODE.nodePorts().contains(address);
    }

    /// How the packet leaves all chains of the hook: refused, dropped, or it goes on.
    private End hook(Chain.Hook hook) {
        return chains.values().stream()
                .filter(chain -> chain.chain().table().equals(table))
                .filter(chain ->
                        chain.chain().base().filter(it -> it.hook() == hook).isPresent())
                .sorted((left, right) -> Integer.compare(priority(left), priority(right)))
                .map(chain -> chain(chain.chain().name()))
                .filter(end -> end == End.REFUSED || end == End.DROPPED)
                .findFirst()
                .orElse(End.GOES_ON);
    }

    private static int priority(ChainRules chain) {
        return chain.chain().base().orElseThrow().priority();
    }

    private End chain(String name) {
        ChainRules chain = chains.get(new ChainAt(table, name));
        if (chain == null) {
            throw new AssertionError("no chain " + name);
        }
        for (Rule rule : chain.rules()) {
            End end = rule(name, rule);
            if (end != End.GOES_ON) {
                return end;
            }
        }
        return End.GOES_ON;
    }

    private End rule(String chain, Rule rule) {
        for (Expr expr : rule.exprs()) {
            Optional<End> end = expr(expr);
            if (end.isEmpty()) {
                return End.GOES_ON; // did not match
            }
            if (end.get() != End.GOES_ON) {
                path.add(chain + ": " + rule.toText());
                return end.get();
            }
        }
        return End.GOES_ON;
    }

    /// Empty when the rule does not match.
    private Optional<End> expr(Expr expr) {
        return switch (expr) {
            case Expr.Equal(Operand left, Value right, boolean negated) ->
                goesOnIf(load(left).orElseThrow().equals(List.of(right)) != negated);
            case Expr.Within(Operand left, Cidr block, boolean negated) ->
                goesOnIf(
                        block.contains(((Value.Address) load(left).orElseThrow().getFirst()).address()) != negated);
            case Expr.CtState(Expr.CtState.Bit bit) -> goesOnIf(bit == Expr.CtState.Bit.NEW);
            case Expr.CtDnat() -> goesOnIf(translated);
            case Expr.OfMachine(boolean ofSource, boolean negated) ->
                goesOnIf((ofSource ? fromNode : isNodes(destination)) != negated);
            case Expr.InSet(List<Operand> key, NftSet set, boolean negated) ->
                goesOnIf(lookup(key, set).isPresent() != negated);
            case Expr.VerdictOf(List<Operand> key, NftSet map) ->
                lookup(key, map).map(data -> take(((Element.Mapped.To) data).verdict()));
            case Expr.Dnat(var _, Operand.MapLookup target) -> load(target).map(this::translate);
            case Expr.Masquerade() -> {
                masqueraded = true;
                yield Optional.of(End.TAKEN);
            }
            case Expr.Reject _ -> Optional.of(End.REFUSED);
            case Expr.Learn _ -> Optional.of(End.GOES_ON);
            case Expr.Counter() -> Optional.of(End.GOES_ON);
            case Expr.Notrack() -> Optional.of(End.GOES_ON);
            case Expr.Take(Verdict verdict) -> Optional.of(take(verdict));
        };
    }

    private static Optional<End> goesOnIf(boolean matches) {
        return matches ? Optional.of(End.GOES_ON) : Optional.empty();
    }

    private End translate(List<Value> target) {
        destination = ((Value.Address) target.get(0)).address();
        port = ((Value.Port) target.get(1)).number();
        translated = true;
        return End.TAKEN;
    }

    private End take(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Plain.ACCEPT -> End.TAKEN;
            case Verdict.Plain.DROP -> End.DROPPED;
            case Verdict.Plain.RETURN -> End.RETURNED;
            case Verdict.Jump(String chain) -> {
                End end = chain(chain);
                yield end == End.RETURNED ? End.GOES_ON : end;
            }
            case Verdict.Goto(String chain) -> {
                End end = chain(chain);
                yield end == End.GOES_ON ? End.RETURNED : end;
            }
        };
    }

    private Optional<Element.Mapped> lookup(List<Operand> key, NftSet set) {
        List<Value> values = new ArrayList<>();
        for (Operand operand : key) {
            values.addAll(load(operand).orElseThrow());
        }
        return Optional.ofNullable(elements.get(new ElementAt(set, new Element.Key(values))));
    }

    private Optional<List<Value>> load(Operand operand) {
        return switch (operand) {
            case Operand.Numgen(boolean _, int modulus, int offset) ->
                Optional.of(List.of(new Value.Mark(offset + turn % modulus)));
            case Operand.MapLookup(List<Operand> key, NftSet map) ->
                lookup(key, map).map(data -> ((Element.Mapped.Values) data).values());
            case Operand.Field field -> Optional.of(List.of(field(field)));
        };
    }

    private Value field(Operand.Field field) {
        return switch (field) {
            case IP_SADDR, IP6_SADDR -> Value.of(source);
            case IP_DADDR, IP6_DADDR -> Value.of(destination);
            case CT_ORIGINAL_IP_DADDR, CT_ORIGINAL_IP6_DADDR -> Value.of(originalDestination);
            case L4PROTO -> new Value.Proto(protocol.number());
            case DPORT -> new Value.Port(port);
            case CT_ORIGINAL_DPORT -> new Value.Port(originalPort);
            case SPORT, META_MARK, CT_STATUS, CT_STATE -> throw new AssertionError(field + " is not traced");
        };
    }

    /// The pods of the test network by address.
    static final Map<String, String> PODS = Map.of(
            "10.244.1.2",
            "a",
            "10.244.1.3",
            "b",
            "10.244.2.2",
            "c",
            "fd00:244:1::2",
            "a",
            "fd00:244:1::3",
            "b",
            "fd00:244:2::2",
            "c");
}
