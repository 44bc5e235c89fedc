package dev.fairway.dataplane;

import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ChainRules;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.dataplane.ServicePlan.Endpoint;
import dev.fairway.dataplane.ServicePlan.Parts;
import dev.fairway.dataplane.ServicePlan.SlotsAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Everything that the data plane has, or wants to have, in nftables: an immutable value made of blocks. Blocks that
/// did not change are the same objects, so that two successive rulesets are compared quickly.
public final class Ruleset {

    private final PersistentMap<ServiceName, ServiceEntry> entries;
    private final PersistentMap<ServiceName, ServicePlan> plans;
    private final Block base;
    private final SharedParts shared;
    private final Claims claims;
    private final PersistentMap<ServiceName, ServicePlan> losers;
    private final Optional<NodeAddresses> addresses;
    private final NftOutline outline;
    /// What the plans that were made last come to.
    private final Map<ServiceName, Parts> fresh;

    Ruleset(
            PersistentMap<ServiceName, ServiceEntry> entries,
            PersistentMap<ServiceName, ServicePlan> plans,
            Block base,
            SharedParts shared,
            Claims claims,
            PersistentMap<ServiceName, ServicePlan> losers,
            NodeAddresses addresses,
            Map<ServiceName, Parts> fresh) {
        this.entries = entries;
        this.plans = plans;
        this.base = base;
        this.shared = shared;
        this.claims = claims;
        this.losers = losers;
        this.addresses = Optional.of(addresses);
        this.outline = NftOutline.COMPLETE;
        this.fresh = fresh;
    }

    private Ruleset(NftOutline outline, Block found) {
        this.entries = PersistentMap.empty();
        this.plans = PersistentMap.empty();
        this.base = found;
        this.shared = SharedParts.NONE;
        this.claims = Claims.NONE;
        this.losers = PersistentMap.empty();
        this.addresses = Optional.empty();
        this.outline = outline;
        this.fresh = Map.of();
    }

    /// Nothing at all: a namespace without our tables.
    public static Ruleset empty() {
        return new Ruleset(NftOutline.NOTHING, Block.EMPTY);
    }

    /// What was read from the kernel, where nobody knows which Service an element belongs to.
    static Ruleset found(NftOutline outline, Block found) {
        return new Ruleset(outline, found);
    }

    /// The Services of the table that it was planned for.
    PersistentMap<ServiceName, ServiceEntry> entries() {
        return entries;
    }

    Optional<ServicePlan> plan(ServiceName service) {
        return plans.find(service);
    }

    /// What the plan of this ruleset comes to; made again unless the plan was made last.
    Parts parts(ServicePlan plan) {
        Parts made = fresh.get(plan.entry().service());
        return made == null ? plan.parts() : made;
    }

    /// The same, once it is in force: it takes little memory, and what plans come to is made when it is asked for.
    Ruleset settled() {
        return fresh.isEmpty()
                ? this
                : new Ruleset(entries, plans, base, shared, claims, losers, addresses.orElseThrow(), Map.of());
    }

    PersistentMap<ServiceName, ServicePlan> planMap() {
        return plans;
    }

    Collection<ServicePlan> plans() {
        return plans.values();
    }

    /// Tells in name order of each Service whose plan differs; empty where it has none. An unchanged Service keeps its
    /// plan, so these are the ones that were planned again.
    void planDifferences(Ruleset next, BiConsumer<Optional<ServicePlan>, Optional<ServicePlan>> differs) {
        plans.differences(next.plans, (_, _) -> false, (_, was, is) -> differs.accept(was, is));
    }

    Block base() {
        return base;
    }

    SharedParts shared() {
        return shared;
    }

    Claims claims() {
        return claims;
    }

    /// The Services from which others hold a frontend.
    PersistentMap<ServiceName, ServicePlan> losers() {
        return losers;
    }

    Optional<NodeAddresses> addresses() {
        return addresses;
    }

    NftOutline outline() {
        return outline;
    }

    /// The endpoints in the slots of the Service's frontends now; in a ruleset that was read, of anyone's.
    Function<SlotsAt, List<Endpoint>> slotsOf(ServiceName service) {
        if (addresses.isEmpty()) {
            return this::foundSlots;
        }
        Map<SlotsAt, List<Endpoint>> slots =
                plan(service).map(ServicePlan::slots).orElse(Map.of());
        return at -> slots.getOrDefault(at, List.of());
    }

    private List<Endpoint> foundSlots(SlotsAt at) {
        Place place = Place.of(at.frontend());
        List<Endpoint> slots = new ArrayList<>();
        Optional<Endpoint> next = foundSlot(place, at.scope(), 0);
        while (next.isPresent()) {
            slots.add(next.get());
            next = foundSlot(place, at.scope(), slots.size());
        }
        return slots;
    }

    private Optional<Endpoint> foundSlot(Place place, Scope scope, int slot) {
        return Optional.ofNullable(base.elements().get(new ElementAt(place.endpointSet(), place.key(scope, slot))))
                .flatMap(Endpoint::of);
    }

    /// The steps that make `wanted` of this ruleset, as few as there are differences, to be committed as one batch.
    public List<NftCommand> commandsTo(Ruleset wanted) {
        return RulesetDiff.between(this, wanted);
    }

    SortedMap<ElementAt, Element.Mapped> elements() {
        TreeMap<ElementAt, Element.Mapped> all = new TreeMap<>(base.elements());
        shared.elements().keySet().forEach(at -> all.put(at, Element.Mapped.nothing()));
        plans.values().forEach(plan -> all.putAll(plan.parts().block().elements()));
        return all;
    }

    SortedMap<ChainAt, ChainRules> chains() {
        TreeMap<ChainAt, ChainRules> all = new TreeMap<>(base.chains());
        shared.chains().forEach((at, use) -> all.put(at, NftPlan.rules(use.chain())));
        plans.values().forEach(plan -> all.putAll(plan.parts().block().chains()));
        return all;
    }

    /// In nft syntax: the commands that make it from nothing.
    public String toText() {
        StringBuilder text = new StringBuilder();
        empty().commandsTo(this)
                .forEach(command -> text.append(command.toText()).append('\n'));
        return text.toString();
    }
}
