package dev.fairway.dataplane;

import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ChainRules;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Compares two rulesets. Deletions come before additions, so that a changed element is replaced within the batch;
/// elements leave before the chains that they name, and come after them. Elements come in the order of their Services.
final class RulesetDiff {

    private final Ruleset have;
    private final Ruleset wanted;
    /// What is there and not known to stay; in the end, what goes.
    private final Map<ElementAt, Element.Mapped> left = new HashMap<>();
    private final Map<NftSet, List<Element.Key>> deleted = new TreeMap<>();
    private final Map<NftSet, List<Element>> added = new TreeMap<>();
    private final SortedMap<ChainAt, ChainRules> leftChains = new TreeMap<>();
    private final SortedMap<ChainAt, ChainRules> rightChains = new TreeMap<>();
    private final List<NftCommand> commands = new ArrayList<>();

    private RulesetDiff(Ruleset have, Ruleset wanted) {
        this.have = have;
        this.wanted = wanted;
    }

    static List<NftCommand> between(Ruleset have, Ruleset wanted) {
        RulesetDiff diff = new RulesetDiff(have, wanted);
        diff.compare();
        diff.addTables();
        diff.deleted.forEach((set, keys) -> diff.commands.add(new NftCommand.DeleteElements(set, sorted(keys))));
        diff.changeChains();
        diff.added.forEach((set, elements) -> diff.commands.add(new NftCommand.AddElements(set, elements)));
        return List.copyOf(diff.commands);
    }

    /// In an order of its own, not that of hashes.
    private static List<Element.Key> sorted(List<Element.Key> keys) {
        return keys.stream().sorted().toList();
    }

    /// Only blocks that are not the same object can differ. All that is there is looked at before anything that is
    /// wanted: an element may have moved from one block to another. At a first start nothing is compared.
    @SuppressWarnings("ReferenceEquality") // equal blocks that are not the same object only cost a comparison
    private void compare() {
        List<ServicePlan> come = new ArrayList<>();
        List<ElementAt> sharedCome = new ArrayList<>();
        boolean sameBase = have.base() == wanted.base();
        if (!sameBase) {
            leaves(have.base());
        }
        have.shared().elements().differences(wanted.shared().elements(), (_, _) -> true, (at, was, is) -> {
            was.ifPresent(_ -> left.put(at, Element.Mapped.nothing()));
            is.ifPresent(_ -> sharedCome.add(at));
        });
        have.planDifferences(wanted, (from, to) -> {
            from.ifPresent(plan -> leaves(have.parts(plan).block()));
            to.ifPresent(come::add);
        });
        compareSharedChains();
        if (!sameBase) {
            wants(wanted.base());
        }
        come.forEach(plan -> wants(wanted.parts(plan).block()));
        sharedCome.forEach(at -> wants(at, Element.Mapped.nothing()));
        left.keySet().forEach(this::delete);
    }

    private void leaves(Block block) {
        left.putAll(block.elements());
        leftChains.putAll(block.chains());
    }

    private void wants(Block block) {
        block.elements().forEach(this::wants);
        rightChains.putAll(block.chains());
    }

    /// It does not matter how many Services need a chain.
    private void compareSharedChains() {
        have.shared().chains().differences(wanted.shared().chains(), (_, _) -> true, (at, was, is) -> {
            was.ifPresent(use -> leftChains.put(at, NftPlan.rules(use.chain())));
            is.ifPresent(use -> rightChains.put(at, NftPlan.rules(use.chain())));
        });
    }

    private void wants(ElementAt at, Element.Mapped data) {
        Element.Mapped there = left.isEmpty() ? null : left.remove(at);
        if (there != null && !there.equals(data)) {
            delete(at);
        }
        if (!data.equals(there)) {
            added.computeIfAbsent(at.set(), _ -> new ArrayList<>()).add(new Element(at.key(), data));
        }
    }

    private void delete(ElementAt at) {
        deleted.computeIfAbsent(at.set(), _ -> new ArrayList<>()).add(at.key());
    }

    private void addTables() {
        for (Layout layout : Layout.ALL) {
            if (!have.outline().has(layout.table())) {
                commands.add(new NftCommand.AddTable(layout.table()));
            }
            for (NftSet set : layout.sets()) {
                if (!have.outline().has(set)) {
                    commands.add(new NftCommand.AddSet(set));
                }
            }
        }
    }

    private void changeChains() {
        List<ChainAt> gone = leftChains.keySet().stream()
                .filter(at -> !rightChains.containsKey(at))
                .toList();
        List<ChainRules> changed = rightChains.entrySet().stream()
                .filter(entry -> differs(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getValue)
                .toList();
        for (ChainRules chain : changed) {
            ChainAt at = new ChainAt(chain.chain().table(), chain.chain().name());
            commands.add(
                    leftChains.containsKey(at)
                            ? new NftCommand.FlushChain(at.table(), at.name())
                            : new NftCommand.AddChain(chain.chain()));
        }
        gone.forEach(at -> commands.add(new NftCommand.FlushChain(at.table(), at.name())));
        for (ChainRules chain : changed) {
            for (Rule rule : chain.rules()) {
                commands.add(new NftCommand.AddRule(
                        chain.chain().table(), chain.chain().name(), rule));
            }
        }
        gone.forEach(at -> commands.add(new NftCommand.DeleteChain(at.table(), at.name())));
    }

    private boolean differs(ChainAt at, ChainRules chain) {
        ChainRules before = leftChains.get(at);
        return before == null || !before.sameAs(chain);
    }
}
