package dev.fairway.kernel.nft;

import java.util.List;

/// One step of an atomic batch.
public sealed interface NftCommand {

    /// Makes the table unless it is there.
    record AddTable(Table table) implements NftCommand {}

    /// Deletes the table with everything in it; it must exist.
    record DeleteTable(Table table) implements NftCommand {}

    /// Makes the chain unless it is there.
    record AddChain(Chain chain) implements NftCommand {}

    /// Deletes all rules of the chain.
    record FlushChain(Table table, String chain) implements NftCommand {}

    /// The chain must be empty and unused.
    record DeleteChain(Table table, String chain) implements NftCommand {}

    /// Appends the rule.
    record AddRule(Table table, String chain, Rule rule) implements NftCommand {}

    record DeleteRule(Table table, String chain, long handle) implements NftCommand {}

    /// Makes the set unless it is there.
    record AddSet(NftSet set) implements NftCommand {}

    record DeleteSet(NftSet set) implements NftCommand {}

    /// Elements that are there with the same data are left; with other data the batch fails with EEXIST.
    record AddElements(NftSet set, List<Element> elements) implements NftCommand {
        public AddElements {
            elements = List.copyOf(elements);
        }
    }

    /// The elements must exist.
    record DeleteElements(NftSet set, List<Element.Key> keys) implements NftCommand {
        public DeleteElements {
            keys = List.copyOf(keys);
        }
    }

    /// Elements that are absent are left out silently (Linux 6.3 and later).
    record RemoveElements(NftSet set, List<Element.Key> keys) implements NftCommand {
        public RemoveElements {
            keys = List.copyOf(keys);
        }
    }

    default Table table() {
        return switch (this) {
            case AddTable(Table table) -> table;
            case DeleteTable(Table table) -> table;
            case AddChain(Chain chain) -> chain.table();
            case FlushChain(Table table, String _) -> table;
            case DeleteChain(Table table, String _) -> table;
            case AddRule(Table table, String _, Rule _) -> table;
            case DeleteRule(Table table, String _, long _) -> table;
            case AddSet(NftSet set) -> set.table();
            case DeleteSet(NftSet set) -> set.table();
            case AddElements(NftSet set, List<Element> _) -> set.table();
            case DeleteElements(NftSet set, List<Element.Key> _) -> set.table();
            case RemoveElements(NftSet set, List<Element.Key> _) -> set.table();
        };
    }

    /// In nft syntax.
    default String toText() {
        String in = table().toText() + " ";
        return switch (this) {
            case AddTable(Table table) -> "add table " + table.toText();
            case DeleteTable(Table table) -> "delete table " + table.toText();
            case AddChain(Chain chain) ->
                "add chain " + in + chain.name() + (chain.base().isPresent() ? " { " + chain.baseText() + " }" : "");
            case FlushChain(Table _, String chain) -> "flush chain " + in + chain;
            case DeleteChain(Table _, String chain) -> "delete chain " + in + chain;
            case AddRule(Table _, String chain, Rule rule) -> "add rule " + in + chain + " " + rule.toText();
            case DeleteRule(Table _, String chain, long handle) -> "delete rule " + in + chain + " handle " + handle;
            case AddSet(NftSet set) -> "add " + set.toText().replaceFirst(" ", " " + in);
            case DeleteSet(NftSet set) -> "delete " + (set.isMap() ? "map " : "set ") + in + set.name();
            case AddElements(NftSet set, List<Element> elements) ->
                "add "
                        + elementsText(
                                set, elements.stream().map(Element::toText).toList());
            case DeleteElements(NftSet set, List<Element.Key> keys) -> "delete " + keysText(set, keys);
            case RemoveElements(NftSet set, List<Element.Key> keys) -> "destroy " + keysText(set, keys);
        };
    }

    private static String keysText(NftSet set, List<Element.Key> keys) {
        return elementsText(set, keys.stream().map(Element.Key::toText).toList());
    }

    private static String elementsText(NftSet set, List<String> elements) {
        return "element " + set.table().toText() + " " + set.name() + " { " + String.join(", ", elements) + " }";
    }
}
