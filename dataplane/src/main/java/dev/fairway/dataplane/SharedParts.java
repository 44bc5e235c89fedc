package dev.fairway.dataplane;

import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.dataplane.ServicePlan.Parts;
import dev.fairway.dataplane.ServicePlan.SharedChain;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.table.PersistentMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// What several Services need, each with how many need it: it is there for as long as one does.
///
/// @param asked the sets that are asked by rules only while they have elements, each with how many it has
record SharedParts(
        PersistentMap<ElementAt, Integer> elements,
        PersistentMap<ChainAt, ChainUse> chains,
        PersistentMap<NftSet, Integer> asked) {

    static final SharedParts NONE =
            new SharedParts(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());

    record ChainUse(SharedChain chain, int count) {}

    /// Gathers what Services need no longer and what they need now.
    static final class Change {

        private final Map<ElementAt, Integer> elements = new TreeMap<>();
        private final Map<ChainAt, ChainUse> chains = new TreeMap<>();
        private final Map<NftSet, Integer> asked = new TreeMap<>();

        void gone(Parts parts) {
            count(parts, -1);
        }

        void come(Parts parts) {
            count(parts, 1);
        }

        private void count(Parts parts, int change) {
            for (ElementAt at : parts.block().elements().keySet()) {
                if (Layout.ASKED_IF_FILLED.contains(at.set())) {
                    asked.merge(at.set(), change, Integer::sum);
                }
            }
            parts.shared().forEach(at -> elements.merge(at, change, Integer::sum));
            parts.chains()
                    .forEach(chain -> chains.merge(
                            NftPlan.at(chain),
                            new ChainUse(chain, change),
                            (one, other) -> new ChainUse(chain, one.count() + other.count())));
        }
    }

    SharedParts with(Change change) {
        Map<ElementAt, Optional<Integer>> counts = new TreeMap<>();
        change.elements.forEach((at, more) -> put(counts, at, elements.find(at).orElse(0), more, Function.identity()));
        Map<ChainAt, Optional<ChainUse>> uses = new TreeMap<>();
        change.chains.forEach((at, more) -> {
            int had = chains.find(at).map(ChainUse::count).orElse(0);
            put(uses, at, had, more.count(), count -> new ChainUse(more.chain(), count));
        });
        Map<NftSet, Optional<Integer>> filled = new TreeMap<>();
        change.asked.forEach((set, more) -> put(filled, set, asked.find(set).orElse(0), more, Function.identity()));
        return counts.isEmpty() && uses.isEmpty() && filled.isEmpty()
                ? this
                : new SharedParts(elements.withAll(counts), chains.withAll(uses), asked.withAll(filled));
    }

    private static <K, V> void put(
            Map<K, Optional<V>> changes, K key, int had, int change, Function<Integer, V> value) {
        if (change != 0) {
            int count = had + change;
            changes.put(key, count == 0 ? Optional.empty() : Optional.of(value.apply(count)));
        }
    }
}
