package dev.fairway.dataplane;

import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ChainRules;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// Everything that the data plane has, or wants to have, in nftables: an immutable value made of blocks. Blocks that
/// did not change are the same objects, so that two successive rulesets are compared quickly.
public final class Ruleset {

    private final SortedMap<ServiceName, ServicePlan> plans;
    private final Block base;
    private final Block shared;
    private final Optional<NodeAddresses> addresses;
    private final NftOutline outline;

    Ruleset(SortedMap<ServiceName, ServicePlan> plans, Block base, Block shared, NodeAddresses addresses) {
        this.plans = Collections.unmodifiableSortedMap(plans);
        this.base = base;
        this.shared = shared;
        this.addresses = Optional.of(addresses);
        this.outline = NftOutline.COMPLETE;
    }

    private Ruleset(NftOutline outline, Block found) {
        this.plans = Collections.emptySortedMap();
        this.base = found;
        this.shared = Block.EMPTY;
        this.addresses = Optional.empty();
        this.outline = outline;
    }

    /// Nothing at all: a namespace without our tables.
    public static Ruleset empty() {
        return new Ruleset(NftOutline.NOTHING, Block.EMPTY);
    }

    /// What was read from the kernel, where nobody knows which Service an element belongs to.
    static Ruleset found(NftOutline outline, Block found) {
        return new Ruleset(outline, found);
    }

    Optional<ServicePlan> plan(ServiceName service) {
        return Optional.ofNullable(plans.get(service));
    }

    SortedMap<ServiceName, ServicePlan> planMap() {
        return plans;
    }

    Collection<ServicePlan> plans() {
        return plans.values();
    }

    Collection<ServiceEntry> entries() {
        return plans.values().stream().map(ServicePlan::entry).toList();
    }

    Block base() {
        return base;
    }

    Block shared() {
        return shared;
    }

    Optional<NodeAddresses> addresses() {
        return addresses;
    }

    NftOutline outline() {
        return outline;
    }

    /// Looks up what the Service's elements lead to now; in a ruleset that was read, anyone's.
    Function<ElementAt, Optional<Element.Mapped>> finder(ServiceName service) {
        Block block = addresses.isEmpty()
                ? base
                : plan(service).map(ServicePlan::block).orElse(Block.EMPTY);
        return at -> Optional.ofNullable(block.elements().get(at));
    }

    /// The steps that make `wanted` of this ruleset, as few as there are differences, to be committed as one batch.
    public List<NftCommand> commandsTo(Ruleset wanted) {
        return RulesetDiff.between(this, wanted);
    }

    SortedMap<ElementAt, Element.Mapped> elements() {
        TreeMap<ElementAt, Element.Mapped> all = new TreeMap<>(base.elements());
        all.putAll(shared.elements());
        plans.values().forEach(plan -> all.putAll(plan.block().elements()));
        return all;
    }

    SortedMap<ChainAt, ChainRules> chains() {
        TreeMap<ChainAt, ChainRules> all = new TreeMap<>(base.chains());
        all.putAll(shared.chains());
        plans.values().forEach(plan -> all.putAll(plan.block().chains()));
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
