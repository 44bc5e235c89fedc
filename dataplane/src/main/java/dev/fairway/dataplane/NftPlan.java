package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.dataplane.ServicePlan.SharedChain;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.Expr;
import dev.fairway.kernel.nft.Operand.Field;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Verdict;
import dev.fairway.table.Balancing;
import dev.fairway.table.Frontend;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Problem;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Decides the ruleset for a table. A Service that is the same object as in the ruleset before keeps its part as it is.
public final class NftPlan {

    private NftPlan() {}

    /// @param before what is in force: planned before, or read from the kernel. Endpoints keep their slots from it
    public static Ruleset of(ServiceTable table, NodeAddresses addresses, Ruleset before) {
        return before.addresses()
                .filter(addresses::equals)
                .flatMap(_ -> PlanChange.apply(before, table, addresses))
                .orElseGet(() -> whole(table, addresses, before));
    }

    private static Ruleset whole(ServiceTable table, NodeAddresses addresses, Ruleset before) {
        Map<FrontendAt, ServiceName> owners = owners(table.services().values());
        boolean moved = before.addresses().filter(had -> !had.equals(addresses)).isPresent();
        TreeMap<ServiceName, ServicePlan> plans = new TreeMap<>();
        for (ServiceEntry entry : table.services().values()) {
            Set<FrontendAt> lost = lost(entry, owners);
            ServicePlan plan = before.plan(entry.service())
                    .filter(had ->
                            !moved && same(had.entry(), entry) && had.lost().equals(lost))
                    .orElseGet(() -> ServicePlanner.plan(entry, lost, addresses, before.finder(entry.service())));
            plans.put(entry.service(), plan);
        }
        return new Ruleset(plans, base(addresses, before), shared(plans.values(), before), addresses);
    }

    @SuppressWarnings("ReferenceEquality") // the cheap question first
    static boolean same(ServiceEntry left, ServiceEntry right) {
        return left == right || left.equals(right);
    }

    /// What the table asks for and the ruleset cannot give.
    public static List<Problem> problems(Ruleset ruleset) {
        if (ruleset.plans().stream().allMatch(plan -> plan.lost().isEmpty())) {
            return List.of();
        }
        Map<FrontendAt, ServiceName> owners = owners(ruleset.entries());
        List<Problem> problems = new ArrayList<>();
        for (ServicePlan plan : ruleset.plans()) {
            for (FrontendAt frontend : plan.lost()) {
                String owner = String.valueOf(owners.get(frontend));
                problems.add(Problem.of(
                        plan.entry().service(),
                        frontend.toText() + " is already held by Service " + owner
                                + ": give one of them another address or port"));
            }
        }
        return problems;
    }

    /// Cluster IPs and node ports first, which the API server allots; then in name order.
    private static Map<FrontendAt, ServiceName> owners(Collection<ServiceEntry> entries) {
        Map<FrontendAt, ServiceName> owners = new HashMap<>();
        for (boolean allotted : List.of(true, false)) {
            for (ServiceEntry entry : entries) {
                if (entry.forwarded()) {
                    claim(entry, allotted, owners);
                }
            }
        }
        return owners;
    }

    private static void claim(ServiceEntry entry, boolean allotted, Map<FrontendAt, ServiceName> owners) {
        for (PortEntry port : entry.ports()) {
            for (Frontend frontend : port.frontends()) {
                if (allotted(frontend) == allotted) {
                    owners.putIfAbsent(new FrontendAt(frontend, port.protocol()), entry.service());
                }
            }
        }
    }

    private static boolean allotted(Frontend frontend) {
        return switch (frontend) {
            case Frontend.ClusterIp _ -> true;
            case Frontend.NodePort _ -> true;
            case Frontend.LoadBalancer _ -> false;
            case Frontend.ExternalIp _ -> false;
            case Frontend.Mapped _ -> false;
        };
    }

    private static Set<FrontendAt> lost(ServiceEntry entry, Map<FrontendAt, ServiceName> owners) {
        Set<FrontendAt> lost = new HashSet<>();
        if (entry.forwarded()) {
            for (PortEntry port : entry.ports()) {
                for (Frontend frontend : port.frontends()) {
                    FrontendAt at = new FrontendAt(frontend, port.protocol());
                    if (!entry.service().equals(owners.get(at))) {
                        lost.add(at);
                    }
                }
            }
        }
        return lost;
    }

    private static Block base(NodeAddresses addresses, Ruleset before) {
        if (before.addresses().equals(Optional.of(addresses))) {
            return before.base();
        }
        Block.Builder block = new Block.Builder();
        Layout.ALL.forEach(layout -> BaseChains.addTo(block, layout, addresses));
        return block.build();
    }

    /// The union of what Services share; the block of before when it is the same.
    static Block shared(Collection<ServicePlan> plans, Ruleset before) {
        Set<ElementAt> elements = new HashSet<>();
        Set<SharedChain> chains = new HashSet<>();
        for (ServicePlan plan : plans) {
            elements.addAll(plan.shared());
            chains.addAll(plan.picks());
        }
        Block.Builder block = new Block.Builder();
        elements.forEach(at -> block.put(at.set(), at.key(), Element.Mapped.nothing()));
        chains.forEach(chain -> addTo(block, chain));
        Block built = block.build();
        return built.equals(before.shared()) ? before.shared() : built;
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
        rules.add(Rule.of("others", new Expr.Counter(), new Expr.Take(Verdict.Plain.DROP)));
        return rules;
    }

    /// Where the chain is.
    static ChainAt at(SharedChain chain) {
        return switch (chain) {
            case SharedChain.Pick pick -> new ChainAt(Layout.of(pick.family()).table(), pick.name());
            case SharedChain.Learn learn ->
                new ChainAt(Layout.of(learn.family()).table(), learn.name());
            case SharedChain.Sources sources ->
                new ChainAt(Layout.of(sources.family()).table(), sources.name());
        };
    }

    static void addTo(Block.Builder block, SharedChain chain) {
        switch (chain) {
            case SharedChain.Pick pick -> {
                Layout layout = Layout.of(pick.family());
                Rule rule =
                        ServicePlanner.pickRule(layout, pick.nodePort(), pick.scope(), Balancing.RANDOM, pick.count());
                block.put(Chain.of(layout.table(), pick.name()), List.of(rule));
            }
            case SharedChain.Learn learn -> {
                Layout layout = Layout.of(learn.family());
                Rule rule = Rule.of(
                        "learn",
                        new Expr.Learn(
                                layout.affinity(),
                                layout.originalClientKey(),
                                List.of(Field.daddr(layout.family()), Field.DPORT),
                                learn.seconds()));
                block.put(Chain.of(layout.table(), learn.name()), List.of(rule));
            }
            case SharedChain.Sources sources ->
                block.put(Chain.of(Layout.of(sources.family()).table(), sources.name()), admission(sources));
        }
    }
}
