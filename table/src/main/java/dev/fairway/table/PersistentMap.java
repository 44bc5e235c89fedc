package dev.fairway.table;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// An immutable map in the order of its keys, of which a changed one is made without a copy: the two share all but the
/// path to what changed. So a change costs the logarithm of the size, and so does finding again what changed.
public final class PersistentMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V> {

    private static final PersistentMap<String, Object> EMPTY = new PersistentMap<>(null);

    private final @Nullable Node<K, V> root;

    private PersistentMap(@Nullable Node<K, V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked") // it has nothing of any type
    public static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) (PersistentMap<?, ?>) EMPTY;
    }

    /// The same map when it is one already.
    public static <K extends Comparable<? super K>, V> PersistentMap<K, V> copyOf(Map<K, V> map) {
        if (map instanceof PersistentMap<K, V> already) {
            return already;
        }
        List<Entry<K, V>> sorted = new ArrayList<>(map.size());
        map.forEach((key, value) -> sorted.add(Map.entry(key, value)));
        sorted.sort(Entry.comparingByKey(Comparator.<K>naturalOrder()));
        return new PersistentMap<>(Node.ofSorted(sorted));
    }

    /// This map with the value at the key, in place of the one there.
    public PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(Node.put(root, key, value));
    }

    /// This map without the key; the same map when the key is not in it.
    public PersistentMap<K, V> without(K key) {
        return Node.find(root, key) == null ? this : new PersistentMap<>(Node.remove(root, key));
    }

    /// This map with the value at the key, or without the key.
    public PersistentMap<K, V> with(K key, Optional<V> value) {
        return value.map(present -> with(key, present)).orElseGet(() -> without(key));
    }

    /// This map after many steps. It costs no more than as many steps, and no more than a map made anew.
    ///
    /// @param changes the value at each key, empty for a key that goes
    public PersistentMap<K, V> withAll(Map<K, Optional<V>> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        List<Entry<K, Optional<V>>> sorted = new ArrayList<>(changes.entrySet());
        sorted.sort(Entry.comparingByKey(Comparator.<K>naturalOrder()));
        return new PersistentMap<>(Node.withAll(root, sorted));
    }

    /// The first key that is not before `key`.
    public Optional<K> firstFrom(K key) {
        return Optional.ofNullable(Node.firstFrom(root, key)).map(Node::key);
    }

    public Optional<V> find(K key) {
        return Optional.ofNullable(Node.find(root, key)).map(Node::value);
    }

    @Override
    @SuppressWarnings("unchecked") // a key of another type is refused by its comparison, as in any sorted map
    public @Nullable V get(@Nullable Object key) {
        Node<K, V> found = key == null ? null : Node.find(root, (K) key);
        return found == null ? null : found.value();
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return Node.count(root);
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                TreeWalk<K, V> nodes = new TreeWalk<>(root);
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return nodes.hasNext();
                    }

                    @Override
                    public Entry<K, V> next() {
                        Node<K, V> node = nodes.next();
                        return Map.entry(node.key(), node.value());
                    }
                };
            }

            @Override
            public int size() {
                return PersistentMap.this.size();
            }
        };
    }

    /// Hears of a key at which two maps differ.
    @FunctionalInterface
    public interface Difference<K, V> {

        /// @param before empty when the key is new
        /// @param now empty when the key is gone
        void at(K key, Optional<V> before, Optional<V> now);
    }

    /// Tells in key order where `now` differs from this map. What the two share is not looked at.
    ///
    /// @param same whether two values of one key are alike; not asked of values that are the same object
    /// @return how many nodes of both were looked at, which is what it cost
    public int differences(PersistentMap<K, V> now, BiPredicate<V, V> same, Difference<K, V> differs) {
        TreeWalk<K, V> left = new TreeWalk<>(root);
        TreeWalk<K, V> right = new TreeWalk<>(now.root);
        while (left.hasNext() && right.hasNext()) {
            if (left.isAt(right)) {
                left.skip();
                right.skip();
            } else if (left.isAlone() && right.isAlone()) {
                compareNext(left, right, same, differs);
            } else {
                // until a tree that both share is first in both
                (left.weight() >= right.weight() ? left : right).open();
            }
        }
        left.forEachRemaining(node -> differs.at(node.key(), Optional.of(node.value()), Optional.empty()));
        right.forEachRemaining(node -> differs.at(node.key(), Optional.empty(), Optional.of(node.value())));
        return left.opened() + right.opened();
    }

    @SuppressWarnings("ReferenceEquality") // the cheap question first
    private static <K extends Comparable<? super K>, V> void compareNext(
            TreeWalk<K, V> left, TreeWalk<K, V> right, BiPredicate<V, V> same, Difference<K, V> differs) {
        K before = left.firstNode().key();
        int order = before.compareTo(right.firstNode().key());
        if (order < 0) {
            differs.at(before, Optional.of(left.next().value()), Optional.empty());
        } else if (order > 0) {
            Node<K, V> come = right.next();
            differs.at(come.key(), Optional.empty(), Optional.of(come.value()));
        } else {
            V was = left.next().value();
            V is = right.next().value();
            if (was != is && !same.test(was, is)) {
                differs.at(before, Optional.of(was), Optional.of(is));
            }
        }
    }
}
