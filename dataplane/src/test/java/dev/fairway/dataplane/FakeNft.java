package dev.fairway.dataplane;

import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Table;
import dev.fairway.kernel.nft.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// nftables as a value, as strict as the kernel: what it would refuse is an error here.
final class FakeNft {

    private final Set<Table> tables = new HashSet<>();
    private final Set<NftOutline.SetAt> sets = new HashSet<>();
    final TreeMap<ElementAt, Element.Mapped> elements = new TreeMap<>();
    final TreeMap<ChainAt, List<String>> chains = new TreeMap<>();

    void commit(List<NftCommand> commands) {
        commands.forEach(this::apply);
    }

    private void apply(NftCommand command) {
        switch (command) {
            case NftCommand.AddTable(Table table) -> tables.add(table);
            case NftCommand.AddSet(NftSet set) -> sets.add(NftOutline.SetAt.of(set));
            case NftCommand.AddChain(Chain chain) ->
                chains.putIfAbsent(new ChainAt(chain.table(), chain.name()), new ArrayList<>());
            case NftCommand.FlushChain(Table table, String chain) ->
                rules(table, chain).clear();
            case NftCommand.AddRule(Table table, String chain, Rule rule) ->
                rules(table, chain).add(rule.comment());
            case NftCommand.DeleteChain(Table table, String chain) -> deleteChain(new ChainAt(table, chain));
            case NftCommand.AddElements(NftSet set, List<Element> added) -> added.forEach(it -> add(set, it));
            case NftCommand.DeleteElements(NftSet set, List<Element.Key> keys) ->
                keys.forEach(key -> check(elements.remove(new ElementAt(set, key)) != null, command));
            case NftCommand.RemoveElements(NftSet set, List<Element.Key> keys) ->
                keys.forEach(key -> elements.remove(new ElementAt(set, key)));
            case NftCommand.DeleteTable _ -> throw new AssertionError(command.toText());
            case NftCommand.DeleteRule _ -> throw new AssertionError(command.toText());
            case NftCommand.DeleteSet _ -> throw new AssertionError(command.toText());
        }
    }

    private void add(NftSet set, Element element) {
        NftCommand command = new NftCommand.AddElements(set, List.of(element));
        check(tables.contains(set.table()) && sets.contains(NftOutline.SetAt.of(set)), command);
        if (element.data() instanceof Element.Mapped.To(Verdict verdict)) {
            check(chains.containsKey(new ChainAt(set.table(), verdict.chain())), command);
        }
        Element.Mapped before = elements.putIfAbsent(new ElementAt(set, element.key()), element.data());
        check(before == null || before.equals(element.data()), command);
    }

    private List<String> rules(Table table, String chain) {
        List<String> rules = chains.get(new ChainAt(table, chain));
        if (rules == null) {
            throw new AssertionError("no chain " + chain);
        }
        return rules;
    }

    private void deleteChain(ChainAt at) {
        boolean used = elements.entrySet().stream()
                .filter(entry -> entry.getKey().set().table().equals(at.table()))
                .anyMatch(entry -> entry.getValue() instanceof Element.Mapped.To(Verdict verdict)
                        && verdict.chain().equals(at.name()));
        if (used || !rules(at.table(), at.name()).isEmpty()) {
            throw new AssertionError("chain " + at.name() + " is in use");
        }
        chains.remove(at);
    }

    /// What `NftReader` would find.
    Ruleset found() {
        Block.Builder block = new Block.Builder();
        elements.forEach((at, data) -> block.put(at.set(), at.key(), data));
        chains.forEach((at, comments) -> block.putFound(Chain.of(at.table(), at.name()), comments));
        return Ruleset.found(new NftOutline(tables, sets), block.build());
    }

    private static void check(boolean allowed, NftCommand command) {
        if (!allowed) {
            throw new AssertionError("refused: " + command.toText());
        }
    }
}
