package dev.fairway.table;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The nodes of a tree in key order, in parts that are opened only on demand: a part is a tree not looked into, or one
/// node of a tree that was opened.
final class TreeWalk<K extends Comparable<? super K>, V> implements Iterator<Node<K, V>> {

    private record Part<K extends Comparable<? super K>, V>(Node<K, V> node, boolean alone) {}

    private final Deque<Part<K, V>> parts = new ArrayDeque<>();
    private int opened;

    TreeWalk(@Nullable Node<K, V> root) {
        push(root);
    }

    private void push(@Nullable Node<K, V> tree) {
        if (tree != null) {
            parts.push(new Part<>(tree, tree.size() == 1));
        }
    }

    /// How many nodes were looked at so far.
    int opened() {
        return opened;
    }

    @Override
    public boolean hasNext() {
        return !parts.isEmpty();
    }

    private Part<K, V> first() {
        Part<K, V> part = parts.peek();
        if (part == null) {
            throw new NoSuchElementException();
        }
        return part;
    }

    /// The first part's node: the root of a tree, or the node that stands alone.
    Node<K, V> firstNode() {
        return first().node;
    }

    boolean isAlone() {
        return first().alone;
    }

    /// How many nodes the first part is.
    int weight() {
        return isAlone() ? 1 : firstNode().size();
    }

    /// Whether both have the same part before them.
    @SuppressWarnings("ReferenceEquality") // the same node is the same part of both trees
    boolean isAt(TreeWalk<K, V> other) {
        return firstNode() == other.firstNode() && isAlone() == other.isAlone();
    }

    void skip() {
        parts.pop();
    }

    /// Takes the first part, which is no node alone, apart.
    void open() {
        Node<K, V> tree = parts.pop().node;
        opened++;
        push(tree.right());
        parts.push(new Part<>(tree, true));
        push(tree.left());
    }

    @Override
    public Node<K, V> next() {
        while (!isAlone()) {
            open();
        }
        opened++;
        return parts.pop().node;
    }
}
