package dev.fairway.dataplane;

import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Table;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A part of a ruleset with one owner: elements and chains that no other block holds.
///
/// @param elements in the order in which they were put
record Block(Map<ElementAt, Element.Mapped> elements, SortedMap<ChainAt, ChainRules> chains) {

    static final Block EMPTY = new Block(Map.of(), new TreeMap<>());

    Block {
        elements = Collections.unmodifiableMap(elements);
        chains = Collections.unmodifiableSortedMap(chains);
    }

    /// An element's place. What a record is given by itself is slow before the second compiler, which a node has not.
    record ElementAt(NftSet set, Element.Key key) implements Comparable<ElementAt> {

        @Override
        public int compareTo(ElementAt other) {
            int bySet = set.compareTo(other.set);
            return bySet != 0 ? bySet : key.compareTo(other.key);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ElementAt that && key.equals(that.key) && set.equals(that.set);
        }

        @Override
        public int hashCode() {
            return 31 * set.hashCode() + key.hashCode();
        }
    }

    /// A chain's place.
    record ChainAt(Table table, String name) implements Comparable<ChainAt> {

        @Override
        public int compareTo(ChainAt other) {
            int byTable = table.compareTo(other.table);
            return byTable != 0 ? byTable : name.compareTo(other.name);
        }
    }

    /// The rules of a chain. Of a chain that was read from the kernel only the comments are known, which tell whether
    /// its rules are the same.
    record ChainRules(Chain chain, List<Rule> rules, List<String> comments) {

        ChainRules {
            rules = List.copyOf(rules);
            comments = List.copyOf(comments);
        }

        static ChainRules of(Chain chain, List<Rule> rules) {
            return new ChainRules(
                    chain, rules, rules.stream().map(Rule::comment).toList());
        }

        boolean sameAs(ChainRules other) {
            return comments.equals(other.comments);
        }
    }

    static final class Builder {

        private final Map<ElementAt, Element.Mapped> elements = new LinkedHashMap<>();
        private final TreeMap<ChainAt, ChainRules> chains = new TreeMap<>();

        void put(NftSet set, Element.Key key, Element.Mapped data) {
            elements.put(new ElementAt(set, key), data);
        }

        void put(Chain chain, List<Rule> rules) {
            chains.put(new ChainAt(chain.table(), chain.name()), ChainRules.of(chain, rules));
        }

        void putFound(Chain chain, List<String> comments) {
            chains.put(new ChainAt(chain.table(), chain.name()), new ChainRules(chain, List.of(), comments));
        }

        Block build() {
            return new Block(elements, chains);
        }
    }
}
