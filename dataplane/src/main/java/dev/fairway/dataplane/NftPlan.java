package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ChainRules;
import dev.fairway.dataplane.ServicePlan.SharedChain;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Expr;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Operand;
import dev.fairway.kernel.nft.Operand.Field;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Value;
import dev.fairway.kernel.nft.Verdict;
import dev.fairway.table.Balancing;
import dev.fairway.table.Problem;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides the ruleset for a table. A Service that is the same object as in the ruleset before keeps its part as it is.
public final class NftPlan {

    private NftPlan() {}

    /// @param before what is in force: planned before, or read from the kernel. Endpoints keep their slots from it
    public static Ruleset of(ServiceTable table, NodeAddresses addresses, Ruleset before) {
        boolean stays = before.addresses().equals(Optional.of(addresses));
        return new PlanChange(stays ? before : Ruleset.empty(), before, addresses).to(table);
    }

    /// What the table asks for and the ruleset cannot give.
    public static List<Problem> problems(Ruleset ruleset) {
        List<Problem> problems = new ArrayList<>();
        ruleset.losers()
                .forEach((name, plan) -> plan.lost().stream().sorted().forEach(frontend -> {
                    String holder = ruleset.claims()
                            .holder(frontend)
                            .map(Object::toString)
                            .orElse("unknown");
                    problems.add(Problem.of(
                            name,
                            frontend.toText() + " is already held by Service " + holder
                                    + ": give one of them another address or port"));
                }));
        return problems;
    }

    /// The chains that packets come in by.
    ///
    /// @param asked the sets that are worth asking, of those that may have no elements
    static Block base(NodeAddresses addresses, Set<NftSet> asked) {
        Block.Builder block = new Block.Builder();
        Layout.ALL.forEach(layout -> BaseChains.addTo(block, layout, addresses, asked));
        return block.build();
    }

    private static List<Rule> admission(SharedChain.Sources sources) {
        Layout layout = Layout.of(sources.family());
        Field saddr = Field.saddr(layout.family());
        Expr admitted = new Expr.Take(Verdict.Plain.RETURN);
        List<Rule> rules = new ArrayList<>();
        for (Cidr block : sources.blocks()) {
            rules.add(Rule.of("allowed", new Expr.Within(saddr, block, false), admitted));
        }
        rules.add(Rule.of(
                "the node's own",
                new Expr.InSet(List.of(saddr, Field.daddr(layout.family())), layout.ownVips(), false),
                admitted));
        rules.add(Rule.of("count", new Expr.InSet(layout.frontendKey(), layout.excluded(), false)));
        rules.add(Rule.of("others", new Expr.Counter(), new Expr.Take(Verdict.Plain.DROP)));
        return rules;
    }

    private static Rule learning(SharedChain.LearnAll learn, SharedChain.PodPort port) {
        Layout layout = Layout.of(learn.family());
        List<Operand> key = new ArrayList<>(List.of(Field.saddr(layout.family())));
        port.frontend().values().forEach(value -> key.add(new Operand.Constant(value)));
        List<Operand> endpoint =
                List.of(Field.daddr(layout.family()), new Operand.Constant(new Value.Port(port.target())));
        return Rule.of("learn", new Expr.Learn(layout.affinity(), key, endpoint, learn.seconds()));
    }

    /// Where the chain is.
    static ChainAt at(SharedChain chain) {
        return switch (chain) {
            case SharedChain.Pick pick -> new ChainAt(Layout.of(pick.family()).table(), pick.name());
            case SharedChain.Learn learn ->
                new ChainAt(Layout.of(learn.family()).table(), learn.name());
            case SharedChain.LearnAll learn ->
                new ChainAt(Layout.of(learn.family()).table(), learn.name());
            case SharedChain.Sources sources ->
                new ChainAt(Layout.of(sources.family()).table(), sources.name());
        };
    }

    /// What is in the chain.
    static ChainRules rules(SharedChain shared) {
        ChainAt at = at(shared);
        return ChainRules.of(
                Chain.of(at.table(), at.name()),
                switch (shared) {
                    case SharedChain.Pick pick -> {
                        Layout layout = Layout.of(pick.family());
                        yield List.of(ServicePlanner.pickRule(
                                layout, pick.nodePort(), pick.scope(), Balancing.RANDOM, pick.count()));
                    }
                    case SharedChain.Learn learn -> {
                        Layout layout = Layout.of(learn.family());
                        yield List.of(Rule.of(
                                "learn",
                                new Expr.Learn(
                                        layout.affinity(),
                                        layout.originalClientKey(),
                                        List.of(Field.daddr(layout.family()), Field.DPORT),
                                        learn.seconds())));
                    }
                    case SharedChain.LearnAll learn ->
                        learn.ports().stream()
                                .map(port -> learning(learn, port))
                                .toList();
                    case SharedChain.Sources sources -> admission(sources);
                });
    }
}
