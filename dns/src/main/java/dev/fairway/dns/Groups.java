package dev.fairway.dns;

import dev.fairway.table.PersistentMap;
import dev.fairway.table.PersistentSet;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Sets of members by key, none of them empty. What one member more or less costs does not depend on how many there
/// are.
record Groups<K extends Comparable<? super K>, M extends Comparable<? super M>>(
        PersistentMap<K, PersistentSet<M>> sets) {

    /// A member of the set at a key.
    record Member<K, M>(K key, M member) {}

    static <K extends Comparable<? super K>, M extends Comparable<? super M>> Groups<K, M> none() {
        return new Groups<K, M>(PersistentMap.empty());
    }

    PersistentSet<M> at(K key) {
        return sets.find(key).orElseGet(PersistentSet::empty);
    }

    /// The same groups when nothing goes and nothing comes.
    Groups<K, M> with(Collection<Member<K, M>> gone, Collection<Member<K, M>> come) {
        if (gone.isEmpty() && come.isEmpty()) {
            return this;
        }
        Map<K, PersistentSet<M>> edited = new TreeMap<>();
        gone.forEach(each -> edited.merge(
                each.key(), at(each.key()).without(each.member()), (known, _) -> known.without(each.member())));
        come.forEach(each ->
                edited.merge(each.key(), at(each.key()).with(each.member()), (known, _) -> known.with(each.member())));
        Map<K, Optional<PersistentSet<M>>> changes = new TreeMap<>();
        edited.forEach((key, set) -> changes.put(key, Optional.of(set).filter(it -> !it.isEmpty())));
        return new Groups<K, M>(sets.withAll(changes));
    }
}
