package dev.fairway.table;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// An immutable multimap: a set of values at each key. What one value more or less costs does not depend on how many
/// there are, neither in the whole nor at its key.
///
/// @param sets none of them empty
public record PersistentMultimap<K extends Comparable<? super K>, V extends Comparable<? super V>>(
        PersistentMap<K, PersistentSet<V>> sets) {

    /// One value at a key.
    public record Pair<K, V>(K key, V value) {}

    public static <K extends Comparable<? super K>, V extends Comparable<? super V>> PersistentMultimap<K, V> empty() {
        return new PersistentMultimap<K, V>(PersistentMap.empty());
    }

    /// Empty when nothing is at the key.
    public PersistentSet<V> at(K key) {
        return sets.find(key).orElseGet(PersistentSet::empty);
    }

    /// What goes and comes again stays as it is: the same multimap when that is all.
    public PersistentMultimap<K, V> with(Collection<Pair<K, V>> gone, Collection<Pair<K, V>> come) {
        Set<Pair<K, V>> removed = new HashSet<>(gone);
        removed.removeAll(new HashSet<>(come));
        Map<K, PersistentSet<V>> edited = new TreeMap<>();
        for (Pair<K, V> pair : removed) {
            if (at(pair.key()).contains(pair.value())) {
                edited.put(pair.key(), edited(edited, pair).without(pair.value()));
            }
        }
        for (Pair<K, V> pair : come) {
            if (!at(pair.key()).contains(pair.value())) {
                edited.put(pair.key(), edited(edited, pair).with(pair.value()));
            }
        }
        if (edited.isEmpty()) {
            return this;
        }
        Map<K, Optional<PersistentSet<V>>> changes = new TreeMap<>();
        edited.forEach((key, set) -> changes.put(key, Optional.of(set).filter(it -> !it.isEmpty())));
        return new PersistentMultimap<K, V>(sets.withAll(changes));
    }

    private PersistentSet<V> edited(Map<K, PersistentSet<V>> edited, Pair<K, V> pair) {
        PersistentSet<V> already = edited.get(pair.key());
        return already == null ? at(pair.key()) : already;
    }
}
