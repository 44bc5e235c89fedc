package dev.fairway.dataplane;

import dev.fairway.kernel.Errno;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.conntrack.Flow;
import dev.fairway.kernel.conntrack.Flow.Ends;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Expr;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftDump;
import dev.fairway.kernel.nft.NftFamily;
import dev.fairway.kernel.nft.Operand;
import dev.fairway.kernel.nft.PacketTrace;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Table;
import dev.fairway.kernel.nft.Value;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sends a probe and watches what a node's kernel does with its first packet. For that time a table of its own marks
/// just this packet; no rule of anyone else is changed.
public final class PacketObserver {

    private static final String TABLE = "fairway-trace";
    /// Before connection tracking and whoever looks at packets first.
    private static final int FIRST = -450;

    private final NetworkNamespace node;
    private final Map<String, String> rules;

    private PacketObserver(NetworkNamespace node, Map<String, String> rules) {
        this.node = node;
        this.rules = rules;
    }

    /// @param wanted the rules that are planned for the node: their text is told instead of a number
    public static PacketObserver on(NetworkNamespace node, Ruleset wanted) {
        Map<String, String> rules = new HashMap<>();
        wanted.chains()
                .values()
                .forEach(chain -> chain.rules().forEach(rule -> rules.put(rule.comment(), rule.toText())));
        return new PacketObserver(node, rules);
    }

    /// What the node's kernel lacks, or has too much, for the frontend that the packet is sent to: as sentences.
    ///
    /// @param table what the node should have in force
    public static List<String> drift(
            NetworkNamespace node, ServiceTable table, NodeAddresses addresses, Packet packet) {
        try (NftConnection nft = NftConnection.open(node)) {
            Ruleset have = NftReader.read(nft);
            return Drift.of(have.commandsTo(NftPlan.of(table, addresses, have)), packet);
        }
    }

    /// @throws KernelException when the kernel refuses the table or the trace; EPERM for who is not root
    public ObservedPath observe(Probe probe, int timeoutMillis) {
        Ends ends = probe.ends();
        Layout layout = Layout.of(ends.source().family());
        Table table = new Table(layout.family(), TABLE + "-%08x".formatted(ends.hashCode()));
        try (NftConnection nft = NftConnection.open(node);
                PacketTrace trace = PacketTrace.open(node)) {
            nft.commit(mark(table, probe));
            try {
                Watched watched = new Watched(trace, table, ends);
                Probe.Answer answer = watched.send(probe, timeoutMillis);
                return path(nft, probe, answer, watched.first());
            } finally {
                nft.commit(List.of(new NftCommand.DeleteTable(table)));
            }
        }
    }

    private static List<NftCommand> mark(Table table, Probe probe) {
        NftFamily family = table.family();
        Ends ends = probe.ends();
        Rule rule = Rule.of(
                "probe",
                equal(Operand.Field.saddr(family), Value.of(ends.source())),
                equal(Operand.Field.daddr(family), Value.of(ends.destination())),
                equal(Operand.Field.L4PROTO, new Value.Proto(probe.protocol().number())),
                equal(Operand.Field.SPORT, new Value.Port(ends.sourcePort())),
                equal(Operand.Field.DPORT, new Value.Port(ends.destinationPort())),
                new Expr.Trace());
        List<NftCommand> commands = new ArrayList<>(List.of(new NftCommand.AddTable(table)));
        for (Chain.Hook hook : List.of(Chain.Hook.PREROUTING, Chain.Hook.OUTPUT)) {
            String name = hook == Chain.Hook.OUTPUT ? "from-node" : "arriving";
            commands.add(new NftCommand.AddChain(Chain.base(table, name, Chain.Type.FILTER, hook, FIRST)));
            commands.add(new NftCommand.AddRule(table, name, rule));
        }
        return commands;
    }

    private static Expr equal(Operand.Field field, Value value) {
        return new Expr.Equal(field, value, false);
    }

    private ObservedPath path(NftConnection nft, Probe probe, Probe.Answer answer, List<PacketTrace.Step> heard) {
        Map<String, Map<Long, String>> comments = new HashMap<>();
        List<ObservedPath.Step> steps = heard.stream()
                .filter(PacketObserver::decides)
                .map(step -> {
                    String comment = comments.computeIfAbsent(step.table(), name -> comments(nft, name))
                            .getOrDefault(step.handle(), "");
                    String rule = step.kind() == PacketTrace.Kind.POLICY
                            ? "policy " + step.verdict()
                            : text(comment, step.verdict());
                    return new ObservedPath.Step(step.table(), step.chain(), step.handle(), rule, step.verdict());
                })
                .toList();
        Ends left = heard.stream()
                .flatMap(step -> step.ends().stream())
                .reduce((_, later) -> later)
                .orElse(probe.ends());
        return new ObservedPath(probe.ends(), answer, !heard.isEmpty(), steps, left, flow(probe));
    }

    private static boolean decides(PacketTrace.Step step) {
        return switch (step.kind()) {
            case RULE -> !step.verdict().equals("continue");
            case POLICY -> step.verdict().equals("drop");
            case RETURN -> false;
        };
    }

    private String text(String comment, String verdict) {
        String planned = rules.get(comment);
        return planned != null ? planned : comment.isEmpty() ? verdict : verdict + " comment \"" + comment + "\"";
    }

    /// The comments of a table's rules by handle; none for families that we do not read.
    private static Map<Long, String> comments(NftConnection nft, String table) {
        Map<Long, String> comments = new HashMap<>();
        for (Layout layout : Layout.ALL) {
            String family = layout.family().toText() + " ";
            if (table.startsWith(family)) {
                NftDump.Shape shape = nft.readShape(new Table(layout.family(), table.substring(family.length())));
                shape.chains()
                        .values()
                        .forEach(rules -> rules.forEach(rule -> comments.put(rule.handle(), rule.comment())));
            }
        }
        return comments;
    }

    private Optional<Flow> flow(Probe probe) {
        try (Conntrack conntrack = Conntrack.open(node)) {
            return conntrack
                    .flows(probe.ends().source().family(), probe.protocol().number())
                    .stream()
                    .filter(flow -> flow.original().equals(probe.ends()))
                    .findFirst();
        } catch (KernelException e) {
            if (e.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
