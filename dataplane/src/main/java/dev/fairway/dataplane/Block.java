package dev.fairway.dataplane;

import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Rule;
import dev.fairway.kernel.nft.Table;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A part of a ruleset with one owner: elements and chains that no other block holds.
record Block(SortedMap<ElementAt, Element.Mapped> elements, SortedMap<ChainAt, ChainRules> chains) {

    static final Block EMPTY = new Block(new TreeMap<>(), new TreeMap<>());

    Block {
        elements = Collections.unmodifiableSortedMap(elements);
        chains = Collections.unmodifiableSortedMap(chains);
    }

    /// An element's place.
    record ElementAt(NftSet set, Element.Key key) implements Comparable<ElementAt> {

        @Override
        public int compareTo(ElementAt other) {
            int bySet = set.compareTo(other.set);
            return bySet != 0 ? bySet : key.compareTo(other.key);
        }
    }

    /// A chain's place.
    record ChainAt(Table table, String name) implements Comparable<ChainAt> {

        private static final Comparator<ChainAt> ORDER =
                Comparator.comparing(ChainAt::table).thenComparing(ChainAt::name);

        @Override
        public int compareTo(ChainAt other) {
            return ORDER.compare(this, other);
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

        private final TreeMap<ElementAt, Element.Mapped> elements = new TreeMap<>();
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
