package dev.fairway.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A weight-balanced tree, which is never changed: a step makes the nodes on its path again. No side of a node is more
/// than three times as heavy as the other (Adams 1993; that 3 and 2 keep it so: Hirai and Yamamoto 2011).
///
/// @param size how many nodes this one and those below it are
/// @param left the smaller keys
/// @param right the larger keys
record Node<K extends Comparable<? super K>, V>(
        K key,
        V value,
        int size,
        @Nullable Node<K, V> left,
        @Nullable Node<K, V> right) {

    private static final int HEAVIER_MAX = 3;
    private static final int DOUBLE_FROM = 2;

    static int count(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.size;
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> of(
            K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        return new Node<>(key, value, 1 + count(left) + count(right), left, right);
    }

    private Node<K, V> under(@Nullable Node<K, V> newLeft, @Nullable Node<K, V> newRight) {
        return of(key, value, newLeft, newRight);
    }

    /// @param sorted by key, each key once
    static <K extends Comparable<? super K>, V> @Nullable Node<K, V> ofSorted(List<Map.Entry<K, V>> sorted) {
        if (sorted.isEmpty()) {
            return null;
        }
        int middle = sorted.size() / 2;
        Map.Entry<K, V> root = sorted.get(middle);
        return of(
                root.getKey(),
                root.getValue(),
                ofSorted(sorted.subList(0, middle)),
                ofSorted(sorted.subList(middle + 1, sorted.size())));
    }

    static <K extends Comparable<? super K>, V> @Nullable Node<K, V> find(@Nullable Node<K, V> tree, K key) {
        Node<K, V> node = tree;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    static <K extends Comparable<? super K>, V> @Nullable Node<K, V> firstFrom(@Nullable Node<K, V> tree, K key) {
        Node<K, V> found = null;
        Node<K, V> node = tree;
        while (node != null) {
            if (key.compareTo(node.key) <= 0) {
                found = node;
                node = node.left;
            } else {
                node = node.right;
            }
        }
        return found;
    }

    static <K extends Comparable<? super K>, V> Node<K, V> put(@Nullable Node<K, V> tree, K key, V value) {
        if (tree == null) {
            return of(key, value, null, null);
        }
        int order = key.compareTo(tree.key);
        if (order == 0) {
            return new Node<>(key, value, tree.size, tree.left, tree.right);
        }
        return order < 0
                ? tree.balanced(put(tree.left, key, value), tree.right)
                : tree.balanced(tree.left, put(tree.right, key, value));
    }

    static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> tree, K key) {
        if (tree == null) {
            return null;
        }
        int order = key.compareTo(tree.key);
        if (order == 0) {
            return joined(tree.left, tree.right);
        }
        return order < 0
                ? tree.balanced(remove(tree.left, key), tree.right)
                : tree.balanced(tree.left, remove(tree.right, key));
    }

    /// The tree after all the changes. Trees between two of them stay as they are, and what comes beyond a tree's end
    /// is made a tree and joined to it.
    ///
    /// @param changes sorted by key, each key once
    static <K extends Comparable<? super K>, V> @Nullable Node<K, V> withAll(
            @Nullable Node<K, V> tree, List<Map.Entry<K, Optional<V>>> changes) {
        if (changes.isEmpty()) {
            return tree;
        }
        if (tree == null) {
            List<Map.Entry<K, V>> come = new ArrayList<>(changes.size());
            changes.forEach(change ->
                    change.getValue().ifPresent(value -> come.add(Map.entry(change.getKey(), value))));
            return ofSorted(come);
        }
        int before = countBefore(changes, tree.key);
        boolean here = before < changes.size() && changes.get(before).getKey().compareTo(tree.key) == 0;
        Node<K, V> less = withAll(tree.left, changes.subList(0, before));
        Node<K, V> more = withAll(tree.right, changes.subList(here ? before + 1 : before, changes.size()));
        Optional<V> value = here ? changes.get(before).getValue() : Optional.of(tree.value);
        return value.isPresent() ? linked(tree.key, value.get(), less, more) : linked(less, more);
    }

    private static <K extends Comparable<? super K>, V> int countBefore(List<Map.Entry<K, V>> sorted, K key) {
        int from = 0;
        int to = sorted.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted.get(middle).getKey().compareTo(key) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /// A node over two trees of any sizes: the smaller one goes down the other's near side until it fits.
    private static <K extends Comparable<? super K>, V> Node<K, V> linked(
            K key, V value, @Nullable Node<K, V> less, @Nullable Node<K, V> more) {
        if (more != null && isTooHeavy(more, less)) {
            return more.balanced(linked(key, value, less, more.left), more.right);
        }
        if (less != null && isTooHeavy(less, more)) {
            return less.balanced(less.left, linked(key, value, less.right, more));
        }
        return of(key, value, less, more);
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> linked(
            @Nullable Node<K, V> less, @Nullable Node<K, V> more) {
        if (less == null || more == null) {
            return less == null ? more : less;
        }
        if (isTooHeavy(more, less)) {
            return more.balanced(linked(less, more.left), more.right);
        }
        if (isTooHeavy(less, more)) {
            return less.balanced(less.left, linked(less.right, more));
        }
        return joined(less, more);
    }

    private static boolean isTooHeavy(Node<?, ?> one, @Nullable Node<?, ?> other) {
        return one.size + count(other) > 1 && one.size > HEAVIER_MAX * count(other);
    }

    /// The two sides of a node that is gone: the nearest of the heavier side takes its place.
    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> joined(
            @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        if (left.size > right.size) {
            Node<K, V> nearest = left;
            for (Node<K, V> next = left.right; next != null; next = next.right) {
                nearest = next;
            }
            return nearest.balanced(remove(left, nearest.key), right);
        }
        Node<K, V> nearest = right;
        for (Node<K, V> next = right.left; next != null; next = next.left) {
            nearest = next;
        }
        return nearest.balanced(left, remove(right, nearest.key));
    }

    /// This node over two trees of which one has gained or lost a single node, or was linked with a light one.
    private Node<K, V> balanced(@Nullable Node<K, V> less, @Nullable Node<K, V> more) {
        if (more != null && isTooHeavy(more, less)) {
            return turnedLeft(less, more);
        }
        if (less != null && isTooHeavy(less, more)) {
            return turnedRight(less, more);
        }
        return under(less, more);
    }

    private Node<K, V> turnedLeft(@Nullable Node<K, V> less, Node<K, V> more) {
        Node<K, V> inner = more.left;
        if (inner == null || inner.size < DOUBLE_FROM * count(more.right)) {
            return more.under(under(less, inner), more.right);
        }
        return inner.under(under(less, inner.left), more.under(inner.right, more.right));
    }

    private Node<K, V> turnedRight(Node<K, V> less, @Nullable Node<K, V> more) {
        Node<K, V> inner = less.right;
        if (inner == null || inner.size < DOUBLE_FROM * count(less.left)) {
            return less.under(less.left, under(inner, more));
        }
        return inner.under(less.under(less.left, inner.left), under(inner.right, more));
    }
}
