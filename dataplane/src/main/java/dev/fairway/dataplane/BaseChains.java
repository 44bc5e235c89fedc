package dev.fairway.dataplane;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.Expr;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Operand.Field;
import dev.fairway.kernel.nft.Operand.MapLookup;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Value;
import dev.fairway.kernel.nft.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The chains of one family that name no Service: where packets come in, who is masqueraded, who is refused. Each
/// rule costs every new connection some time, so those that ask for what no Service has are left out.
final class BaseChains {

    static final String SERVICES = "services";
    static final String LEARN_BY_POD = "learn-by-pod";
    static final String REFUSE = "refuse";
    static final String NO_LOCAL_INTERNAL = "no-local-internal";
    static final String NO_LOCAL_EXTERNAL = "no-local-external";
    private static final int DESTINATION_NAT = -100;
    private static final int FILTER = 0;
    private static final int SOURCE_NAT = 100;
    private static final int TCP = 6;
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    private final Layout layout;
    private final NodeAddresses addresses;
    private final Block.Builder block;
    private final Set<NftSet> asked;

    private BaseChains(Layout layout, NodeAddresses addresses, Block.Builder block, Set<NftSet> asked) {
        this.layout = layout;
        this.addresses = addresses;
        this.block = block;
        this.asked = asked;
    }

    /// @param asked the sets of `Layout.ASKED_IF_FILLED` that have elements
    static void addTo(Block.Builder block, Layout layout, NodeAddresses addresses, Set<NftSet> asked) {
        BaseChains chains = new BaseChains(layout, addresses, block, asked);
        chains.addTranslation();
        chains.addMasquerading();
        chains.addRefusal();
        addresses.nodePorts().stream()
                .filter(address -> address.family() == layout.ipFamily())
                .forEach(address ->
                        block.put(layout.nodeAddresses(), Element.Key.of(Value.of(address)), Element.Mapped.nothing()));
    }

    private void addTranslation() {
        Field daddr = Field.daddr(layout.family());
        List<Rule> known = new ArrayList<>();
        if (asked.contains(layout.restricted())) {
            known.add(Rule.of("source ranges", new Expr.VerdictOf(layout.frontendKey(), layout.restricted())));
        }
        known.add(Rule.of("count", new Expr.InSet(layout.frontendKey(), layout.connections(), false)));
        known.add(Rule.of(
                "count",
                new Expr.InSet(List.of(daddr), layout.nodeAddresses(), false),
                new Expr.InSet(layout.nodePortKey(), layout.nodePortConnections(), false)));
        if (asked.contains(layout.sticky())) {
            known.add(Rule.of(
                    "keep affinity",
                    new Expr.Dnat(layout.family(), new MapLookup(layout.clientKey(), layout.affinity()))));
        }
        chain("known", known.toArray(Rule[]::new));
        addPicking(daddr);
        addArrival(daddr);
    }

    private void addPicking(Field daddr) {
        chain(
                SERVICES,
                Rule.of("services", new Expr.VerdictOf(layout.frontendKey(), layout.services())),
                Rule.of(
                        "node ports",
                        new Expr.InSet(List.of(daddr), layout.nodeAddresses(), false),
                        new Expr.VerdictOf(layout.nodePortKey(), layout.nodePorts())));
        for (String chain : List.of(NO_LOCAL_INTERNAL, NO_LOCAL_EXTERNAL)) {
            chain(
                    chain,
                    Rule.of("count", new Expr.InSet(layout.frontendKey(), layout.stranded(), false)),
                    Rule.of(
                            "count",
                            new Expr.InSet(List.of(daddr), layout.nodeAddresses(), false),
                            new Expr.InSet(layout.nodePortKey(), layout.strandedNodePorts(), false)),
                    Rule.of("no endpoint here", new Expr.Counter(), new Expr.Take(Verdict.Plain.DROP)));
        }
    }

    private void addArrival(Field daddr) {
        Rule known = jump("known clients", "known");
        Rule all = jump("all", SERVICES);
        List<Rule> arriving = new ArrayList<>();
        if (opensLoopback()) {
            // the kernel lets others through to there now
            arriving.add(Rule.of(
                    "not from outside",
                    new Expr.Within(daddr, LOOPBACK, false),
                    new Expr.Within(Field.saddr(layout.family()), LOOPBACK, true),
                    new Expr.Take(Verdict.Plain.DROP)));
        }
        arriving.add(known);
        arriving.addAll(fromPods("own pods", addresses.ownPods(), new Verdict.Goto(SERVICES)));
        if (asked.contains(layout.outside())) {
            arriving.add(Rule.of("from outside", new Expr.VerdictOf(layout.frontendKey(), layout.outside())));
        }
        if (asked.contains(layout.outsideNodePorts())) {
            arriving.add(Rule.of(
                    "from outside",
                    new Expr.InSet(List.of(daddr), layout.nodeAddresses(), false),
                    new Expr.VerdictOf(layout.nodePortKey(), layout.outsideNodePorts())));
        }
        arriving.add(all);
        base("prerouting", Chain.Type.NAT, Chain.Hook.PREROUTING, DESTINATION_NAT, arriving.toArray(Rule[]::new));
        base("output", Chain.Type.NAT, Chain.Hook.OUTPUT, DESTINATION_NAT, known, all);
    }

    private void addMasquerading() {
        Field original = Field.originalDaddr(layout.family());
        Field saddr = Field.saddr(layout.family());
        List<Rule> fromElsewhere = new ArrayList<>();
        if (!addresses.masqueradeAll()) {
            fromElsewhere.addAll(keptOnTheWayOut());
        }
        fromElsewhere.add(Rule.of("not from a pod", new Expr.Masquerade()));
        chain("from-elsewhere", fromElsewhere.toArray(Rule[]::new));
        chain("keeps-source", Rule.of("the node's own", new Expr.OfMachine(true, false), new Expr.Masquerade()));
        chain(
                LEARN_BY_POD,
                Rule.of("all ports", new Expr.VerdictOf(layout.originalFrontendAndPodKey(), layout.stickyPods())));
        chain("translated", translated(original, saddr).toArray(Rule[]::new));
        List<Rule> leaving = new ArrayList<>();
        leaving.add(Rule.of("translated", new Expr.CtDnat(), new Expr.Take(new Verdict.Jump("translated"))));
        if (!blocks(addresses.pods()).isEmpty() && !blocks(addresses.cluster()).isEmpty()) {
            addEgress();
            for (Cidr pods : blocks(addresses.pods())) {
                leaving.add(Rule.of(
                        "from pods", new Expr.Within(saddr, pods, false), new Expr.Take(new Verdict.Jump("egress"))));
            }
        }
        base("postrouting", Chain.Type.NAT, Chain.Hook.POSTROUTING, SOURCE_NAT, leaving.toArray(Rule[]::new));
    }

    private List<Rule> translated(Field original, Field saddr) {
        Expr keepsSource = new Expr.Take(new Verdict.Goto("keeps-source"));
        Expr toNode = new Expr.InSet(List.of(original), layout.nodeAddresses(), false);
        List<Rule> rules = new ArrayList<>();
        if (asked.contains(layout.sticky())) {
            rules.add(Rule.of("learn affinity", new Expr.VerdictOf(layout.originalFrontendKey(), layout.sticky())));
        }
        rules.add(Rule.of(
                "hairpin",
                new Expr.InSet(List.of(saddr, Field.daddr(layout.family())), layout.hairpins(), false),
                new Expr.Masquerade()));
        rules.add(Rule.of(
                "cluster IP",
                new Expr.InSet(List.of(original), layout.clusterIps(), false),
                new Expr.Take(new Verdict.Goto("from-elsewhere"))));
        if (asked.contains(layout.keepSource())) {
            rules.add(Rule.of(
                    "policy Local",
                    new Expr.InSet(layout.originalFrontendKey(), layout.keepSource(), false),
                    keepsSource));
        }
        if (asked.contains(layout.keepSourceNodePorts())) {
            rules.add(Rule.of(
                    "policy Local",
                    toNode,
                    new Expr.InSet(layout.originalNodePortKey(), layout.keepSourceNodePorts(), false),
                    keepsSource));
        }
        rules.add(Rule.of(
                "external address",
                new Expr.InSet(List.of(original), layout.externalIps(), false),
                new Expr.Masquerade()));
        rules.add(Rule.of("node port", toNode, new Expr.Masquerade()));
        return rules;
    }

    private void addEgress() {
        List<Rule> egress = new ArrayList<>(
                within("stays inside", Field.daddr(layout.family()), addresses.cluster(), Verdict.Plain.RETURN));
        egress.add(Rule.of("leaves the cluster", new Expr.Masquerade()));
        chain("egress", egress.toArray(Rule[]::new));
    }

    /// Hangs behind destination NAT: what still has a Service's address was not translated. What was, is let through at
    /// once: nearly all packets are of such connections.
    private void addRefusal() {
        Field daddr = Field.daddr(layout.family());
        chain(
                REFUSE,
                Rule.of(
                        "tcp",
                        new Expr.Equal(Field.L4PROTO, new Value.Proto(TCP), false),
                        new Expr.Reject(layout.family(), true)),
                Rule.of("others", new Expr.Reject(layout.family(), false)));
        Expr refuse = new Expr.Take(new Verdict.Goto(REFUSE));
        chain(
                "unserved",
                Rule.of("no endpoints", new Expr.InSet(layout.frontendKey(), layout.unserved(), false), refuse),
                Rule.of(
                        "no endpoints",
                        new Expr.InSet(List.of(daddr), layout.nodeAddresses(), false),
                        new Expr.InSet(layout.nodePortKey(), layout.unservedNodePorts(), false),
                        refuse),
                Rule.of("no such port", new Expr.InSet(List.of(daddr), layout.clusterIps(), false), refuse));
        Rule fresh = Rule.of(
                "new connections", new Expr.CtState(Expr.CtState.Bit.NEW), new Expr.Take(new Verdict.Jump("unserved")));
        Rule translated = Rule.of("translated", new Expr.CtDnat(), new Expr.Take(Verdict.Plain.ACCEPT));
        List<Rule> leaving = new ArrayList<>(List.of(translated, fresh));
        for (Cidr services : blocks(addresses.services())) {
            leaving.add(Rule.of(
                    "no such Service",
                    new Expr.CtState(Expr.CtState.Bit.NEW),
                    new Expr.Within(daddr, services, false),
                    new Expr.OfMachine(false, true),
                    new Expr.Counter(),
                    new Expr.Take(Verdict.Plain.DROP)));
        }
        base("filter-input", Chain.Type.FILTER, Chain.Hook.INPUT, FILTER, translated, fresh);
        base("filter-output", Chain.Type.FILTER, Chain.Hook.OUTPUT, FILTER, leaving.toArray(Rule[]::new));
        // untranslated, it would come to the client from an address that it never spoke to, and reset its connection
        leaving.add(
                1,
                Rule.of(
                        "out of its connection",
                        new Expr.CtState(Expr.CtState.Bit.INVALID),
                        new Expr.Counter(),
                        new Expr.Take(Verdict.Plain.DROP)));
        base("filter-forward", Chain.Type.FILTER, Chain.Hook.FORWARD, FILTER, leaving.toArray(Rule[]::new));
    }

    private List<Rule> within(String purpose, Field field, List<Cidr> blocks, Verdict verdict) {
        return blocks(blocks).stream()
                .map(block -> Rule.of(purpose, new Expr.Within(field, block, false), new Expr.Take(verdict)))
                .toList();
    }

    /// @param blocks of the pods, unless their link tells
    private List<Rule> fromPods(String purpose, List<Cidr> blocks, Verdict verdict) {
        return addresses
                .podLink()
                .map(link -> List.of(Rule.of(purpose, new Expr.FromLink(link), new Expr.Take(verdict))))
                .orElseGet(() -> within(purpose, Field.saddr(layout.family()), blocks, verdict));
    }

    /// What a bridge passes on by itself (br_netfilter) has no link by which it came: then the pods' blocks tell.
    private List<Rule> keptOnTheWayOut() {
        String purpose = "pods keep their address";
        List<Rule> rules = new ArrayList<>(fromPods(purpose, addresses.pods(), Verdict.Plain.RETURN));
        if (addresses.podLink().isPresent()) {
            rules.addAll(within(purpose, Field.saddr(layout.family()), addresses.ownPods(), Verdict.Plain.RETURN));
        }
        return rules;
    }

    private boolean opensLoopback() {
        return layout.ipFamily() == IpFamily.IPV4
                && addresses.nodePorts().stream().anyMatch(LOOPBACK::contains);
    }

    private List<Cidr> blocks(List<Cidr> blocks) {
        return blocks.stream()
                .filter(block -> block.family() == layout.ipFamily())
                .toList();
    }

    private static Rule jump(String purpose, String chain) {
        return Rule.of(purpose, new Expr.Take(new Verdict.Jump(chain)));
    }

    private void chain(String name, Rule... rules) {
        block.put(Chain.of(layout.table(), name), List.of(rules));
    }

    private void base(String name, Chain.Type type, Chain.Hook hook, int priority, Rule... rules) {
        block.put(Chain.base(layout.table(), name, type, hook, priority), List.of(rules));
    }
}
