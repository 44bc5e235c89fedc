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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Walks the first packet of a connection through a planned ruleset as a value, as the kernel would; written from the
/// manual of nftables and knowing nothing of how the ruleset was planned.
public final class PacketTracer {

    private final SortedMap<ElementAt, Element.Mapped> elements;
    private final SortedMap<ChainAt, ChainRules> chains;
    private final Set<IpAddress> nodeAddresses;
    /// What rules are called in a path: a packet is traced a thousand times, for each slot that it can draw.
    private final IdentityHashMap<Rule, String> texts;

    private PacketTracer(
            SortedMap<ElementAt, Element.Mapped> elements,
            SortedMap<ChainAt, ChainRules> chains,
            Set<IpAddress> nodeAddresses,
            IdentityHashMap<Rule, String> texts) {
        this.elements = elements;
        this.chains = chains;
        this.nodeAddresses = Set.copyOf(nodeAddresses);
        this.texts = texts;
    }

    /// @param ruleset planned; of one that was read from the kernel the rules are not known
    /// @param nodeAddresses all addresses that the node itself has
    public static PacketTracer of(Ruleset ruleset, Set<IpAddress> nodeAddresses) {
        SortedMap<ChainAt, ChainRules> chains = ruleset.chains();
        IdentityHashMap<Rule, String> texts = new IdentityHashMap<>();
        chains.values().forEach(chain -> chain.rules().forEach(rule -> texts.put(rule, rule.toText())));
        return new PacketTracer(ruleset.elements(), chains, nodeAddresses, texts);
    }

    /// @param draw what every numgen gives, modulo its modulus
    public PacketPath trace(Packet packet, int draw) {
        return new Walk(packet, draw).run();
    }

    /// The same rules when such a packet has passed, with what they learned of it.
    PacketTracer after(Packet packet, int draw) {
        Walk walk = new Walk(packet, draw);
        walk.run();
        SortedMap<ElementAt, Element.Mapped> known = new TreeMap<>(walk.learned);
        known.putAll(elements);
        return new PacketTracer(known, chains, nodeAddresses, texts);
    }

    private enum End {
        GOES_ON,
        RETURNED,
        TAKEN,
        REFUSED,
        DROPPED
    }

    /// One packet under way.
    private final class Walk {

        private final Table table;
        private final Packet sent;
        private final int draw;
        private final List<PacketPath.Step> path = new ArrayList<>();
        private final SortedMap<ElementAt, Element.Mapped> learned = new TreeMap<>();
        private Packet packet;
        private boolean translated;
        private boolean masqueraded;

        Walk(Packet sent, int draw) {
            this.table = Layout.of(sent.destination().family()).table();
            this.sent = sent;
            this.packet = sent;
            this.draw = draw;
        }

        PacketPath run() {
            End end = hook(sent.fromNode() ? Chain.Hook.OUTPUT : Chain.Hook.PREROUTING);
            if (end == End.GOES_ON && !sent.fromNode()) {
                end = hook(isNodes(packet.destination()) ? Chain.Hook.INPUT : Chain.Hook.FORWARD);
            }
            if (end == End.GOES_ON) {
                end = hook(Chain.Hook.POSTROUTING);
            }
            PacketPath.End outcome = switch (end) {
                case REFUSED -> PacketPath.End.REFUSED;
                case DROPPED -> PacketPath.End.DROPPED;
                case GOES_ON, RETURNED, TAKEN -> PacketPath.End.SENT;
            };
            return new PacketPath(outcome, packet.destination(), packet.port(), masqueraded, path);
        }

        private boolean isNodes(IpAddress address) {
            return nodeAddresses.contains(address);
        }

        /// How the packet leaves all chains of the hook: refused, dropped, or it goes on.
        private End hook(Chain.Hook hook) {
            return chains.values().stream()
                    .filter(chain -> chain.chain().table().equals(table))
                    .filter(chain ->
                            chain.chain().base().filter(it -> it.hook() == hook).isPresent())
                    .sorted(Comparator.comparingInt(PacketTracer::priority))
                    .map(chain -> chain(chain.chain().name()))
                    .filter(end -> end == End.REFUSED || end == End.DROPPED)
                    .findFirst()
                    .orElse(End.GOES_ON);
        }

        private End chain(String name) {
            ChainRules chain = chains.get(new ChainAt(table, name));
            if (chain == null) {
                throw new IllegalArgumentException("the ruleset has no chain " + name);
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
                int before = path.size();
                Optional<End> end = expr(expr);
                if (end.isEmpty()) {
                    return End.GOES_ON; // did not match
                }
                if (end.get() != End.GOES_ON || isVerdict(expr)) {
                    path.add(before, new PacketPath.Step(chain, text(rule))); // what it leads to came behind it
                    return end.get();
                }
            }
            return End.GOES_ON;
        }

        private String text(Rule rule) {
            return texts.getOrDefault(rule, rule.comment());
        }

        /// A chain that was jumped to may come back without a word.
        private boolean isVerdict(Expr expr) {
            return expr instanceof Expr.VerdictOf || expr instanceof Expr.Take;
        }

        /// Empty when the rule does not match.
        private Optional<End> expr(Expr expr) {
            return switch (expr) {
                case Expr.Equal(Operand left, Value right, boolean negated) ->
                    goesOnIf(load(left).orElseThrow().equals(List.of(right)) != negated);
                case Expr.Within(Operand left, Cidr block, boolean negated) ->
                    goesOnIf(block.contains(
                                    ((Value.Address) load(left).orElseThrow().getFirst()).address())
                            != negated);
                case Expr.FromLink link -> goesOnIf(!packet.fromNode() && link.matches(packet.link()));
                case Expr.CtState(Expr.CtState.Bit bit) -> goesOnIf(bit == Expr.CtState.Bit.NEW);
                case Expr.CtDnat() -> goesOnIf(translated);
                case Expr.OfMachine(boolean ofSource, boolean negated) ->
                    goesOnIf((ofSource ? sent.fromNode() : isNodes(packet.destination())) != negated);
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
                case Expr.Learn(NftSet map, List<Operand> key, List<Operand> data, int _) -> {
                    ElementAt at = new ElementAt(map, new Element.Key(loadAll(key)));
                    learned.putIfAbsent(at, new Element.Mapped.Values(loadAll(data)));
                    yield Optional.of(End.GOES_ON);
                }
                case Expr.Counter() -> Optional.of(End.GOES_ON);
                case Expr.Notrack() -> Optional.of(End.GOES_ON);
                case Expr.Trace() -> Optional.of(End.GOES_ON);
                case Expr.Take(Verdict verdict) -> Optional.of(take(verdict));
            };
        }

        private End translate(List<Value> target) {
            packet = packet.to(((Value.Address) target.get(0)).address(), ((Value.Port) target.get(1)).number());
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
            return Optional.ofNullable(elements.get(new ElementAt(set, new Element.Key(loadAll(key)))));
        }

        private List<Value> loadAll(List<Operand> operands) {
            List<Value> values = new ArrayList<>();
            for (Operand operand : operands) {
                values.addAll(load(operand).orElseThrow());
            }
            return values;
        }

        private Optional<List<Value>> load(Operand operand) {
            return switch (operand) {
                case Operand.Numgen(boolean _, int modulus, int offset) ->
                    Optional.of(List.of(new Value.Mark(offset + draw % modulus)));
                case Operand.Constant(Value value) -> Optional.of(List.of(value));
                case Operand.MapLookup(List<Operand> key, NftSet map) ->
                    lookup(key, map).map(data -> ((Element.Mapped.Values) data).values());
                case Operand.Field field -> Optional.of(List.of(field(field)));
            };
        }

        private Value field(Operand.Field field) {
            return switch (field) {
                case IP_SADDR, IP6_SADDR -> Value.of(packet.source());
                case IP_DADDR, IP6_DADDR -> Value.of(packet.destination());
                case CT_ORIGINAL_IP_DADDR, CT_ORIGINAL_IP6_DADDR -> Value.of(sent.destination());
                case L4PROTO -> new Value.Proto(packet.protocol().number());
                case DPORT -> new Value.Port(packet.port());
                case CT_ORIGINAL_DPORT -> new Value.Port(sent.port());
                case SPORT, META_MARK, CT_STATUS, CT_STATE ->
                    throw new IllegalArgumentException("the field " + field + " of a first packet is not known");
            };
        }
    }

    private static Optional<End> goesOnIf(boolean matches) {
        return matches ? Optional.of(End.GOES_ON) : Optional.empty();
    }

    private static int priority(ChainRules chain) {
        return chain.chain().base().orElseThrow().priority();
    }
}
