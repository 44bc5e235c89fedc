package dev.fairway.dataplane;

import dev.fairway.dataplane.Block.ChainAt;
import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.dataplane.ServicePlan.SharedChain;
import dev.fairway.table.PersistentMap;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// What several Services need, each with how many need it: it is there for as long as one does.
record SharedParts(PersistentMap<ElementAt, Integer> elements, PersistentMap<ChainAt, ChainUse> chains) {

    static final SharedParts NONE = new SharedParts(PersistentMap.empty(), PersistentMap.empty());

    record ChainUse(SharedChain chain, int count) {}

    SharedParts with(Collection<ServicePlan> gone, Collection<ServicePlan> come) {
        Map<ElementAt, Integer> more = new TreeMap<>();
        Map<ChainAt, ChainUse> moreChains = new TreeMap<>();
        gone.forEach(plan -> count(plan, -1, more, moreChains));
        come.forEach(plan -> count(plan, 1, more, moreChains));
        Map<ElementAt, Optional<Integer>> counts = new TreeMap<>();
        more.forEach((at, change) -> put(counts, at, elements.find(at).orElse(0), change, Function.identity()));
        Map<ChainAt, Optional<ChainUse>> uses = new TreeMap<>();
        moreChains.forEach((at, change) -> {
            int had = chains.find(at).map(ChainUse::count).orElse(0);
            put(uses, at, had, change.count(), count -> new ChainUse(change.chain(), count));
        });
        return counts.isEmpty() && uses.isEmpty()
                ? this
                : new SharedParts(elements.withAll(counts), chains.withAll(uses));
    }

    private static void count(
            ServicePlan plan, int change, Map<ElementAt, Integer> elements, Map<ChainAt, ChainUse> chains) {
        plan.shared().forEach(at -> elements.merge(at, change, Integer::sum));
        plan.picks()
                .forEach(chain -> chains.merge(
                        NftPlan.at(chain),
                        new ChainUse(chain, change),
                        (one, other) -> new ChainUse(chain, one.count() + other.count())));
    }

    private static <K, V> void put(
            Map<K, Optional<V>> changes, K key, int had, int change, Function<Integer, V> value) {
        if (change != 0) {
            int count = had + change;
            changes.put(key, count == 0 ? Optional.empty() : Optional.of(value.apply(count)));
        }
    }
}
