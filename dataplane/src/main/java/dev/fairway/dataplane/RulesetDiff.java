package dev.fairway.dataplane;

import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ChainRules;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Compares two rulesets. Deletions come before additions, so that a changed element is replaced within the batch;
/// elements leave before the chains that they name, and come after them.
final class RulesetDiff {

    private final Ruleset have;
    private final Ruleset wanted;
    private final SortedMap<ElementAt, Element.Mapped> left = new TreeMap<>();
    private final SortedMap<ElementAt, Element.Mapped> right = new TreeMap<>();
    private final SortedMap<ChainAt, ChainRules> leftChains = new TreeMap<>();
    private final SortedMap<ChainAt, ChainRules> rightChains = new TreeMap<>();
    private final List<NftCommand> commands = new ArrayList<>();

    private RulesetDiff(Ruleset have, Ruleset wanted) {
        this.have = have;
        this.wanted = wanted;
    }

    static List<NftCommand> between(Ruleset have, Ruleset wanted) {
        RulesetDiff diff = new RulesetDiff(have, wanted);
        diff.collect();
        diff.addTables();
        diff.deleteElements();
        diff.changeChains();
        diff.addElements();
        return List.copyOf(diff.commands);
    }

    /// Only blocks that are not the same object can differ.
    private void collect() {
        collect(have.base(), wanted.base());
        collectShared(have.shared(), wanted.shared());
        have.planDifferences(
                wanted,
                (from, to) -> collect(
                        from.map(ServicePlan::block).orElse(Block.EMPTY),
                        to.map(ServicePlan::block).orElse(Block.EMPTY)));
    }

    /// It does not matter how many Services need a part.
    private void collectShared(SharedParts from, SharedParts to) {
        from.elements().differences(to.elements(), (_, _) -> true, (at, was, is) -> {
            was.ifPresent(_ -> left.put(at, Element.Mapped.nothing()));
            is.ifPresent(_ -> right.put(at, Element.Mapped.nothing()));
        });
        from.chains().differences(to.chains(), (_, _) -> true, (at, was, is) -> {
            was.ifPresent(use -> leftChains.put(at, NftPlan.rules(use.chain())));
            is.ifPresent(use -> rightChains.put(at, NftPlan.rules(use.chain())));
        });
    }

    @SuppressWarnings("ReferenceEquality") // equal blocks that are not the same object only cost a comparison
    private void collect(Block from, Block to) {
        if (from != to) {
            left.putAll(from.elements());
            leftChains.putAll(from.chains());
            right.putAll(to.elements());
            rightChains.putAll(to.chains());
        }
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

    private void deleteElements() {
        Map<NftSet, List<Element.Key>> deleted = new TreeMap<>();
        left.forEach((at, data) -> {
            if (!data.equals(right.get(at))) {
                deleted.computeIfAbsent(at.set(), _ -> new ArrayList<>()).add(at.key());
            }
        });
        deleted.forEach((set, keys) -> commands.add(new NftCommand.DeleteElements(set, keys)));
    }

    private void addElements() {
        Map<NftSet, List<Element>> added = new TreeMap<>();
        right.forEach((at, data) -> {
            if (!data.equals(left.get(at))) {
                added.computeIfAbsent(at.set(), _ -> new ArrayList<>()).add(new Element(at.key(), data));
            }
        });
        added.forEach((set, elements) -> commands.add(new NftCommand.AddElements(set, elements)));
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
