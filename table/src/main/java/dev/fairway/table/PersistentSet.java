package dev.fairway.table;

import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An immutable set in the order of its members, of which a changed one shares all but a path, as with `PersistentMap`.
public final class PersistentSet<E extends Comparable<? super E>> extends AbstractSet<E> {

    private static final PersistentSet<String> EMPTY = new PersistentSet<>(PersistentMap.<String, Boolean>empty());

    private final PersistentMap<E, Boolean> members;

    private PersistentSet(PersistentMap<E, Boolean> members) {
        this.members = members;
    }

    @SuppressWarnings("unchecked") // it has nothing of any type
    public static <E extends Comparable<? super E>> PersistentSet<E> empty() {
        return (PersistentSet<E>) (PersistentSet<?>) EMPTY;
    }

    /// The same set when it is one already.
    public static <E extends Comparable<? super E>> PersistentSet<E> copyOf(Collection<E> members) {
        if (members instanceof PersistentSet<E> already) {
            return already;
        }
        Map<E, Boolean> sorted = new TreeMap<>();
        members.forEach(member -> sorted.put(member, true));
        return new PersistentSet<>(PersistentMap.copyOf(sorted));
    }

    /// This set and the member; the same set when it is in it already.
    public PersistentSet<E> with(E member) {
        return contains(member) ? this : new PersistentSet<>(members.with(member, true));
    }

    /// This set without the member; the same set when it is not in it.
    public PersistentSet<E> without(E member) {
        return contains(member) ? new PersistentSet<>(members.without(member)) : this;
    }

    @Override
    public boolean contains(@Nullable Object member) {
        return members.containsKey(member);
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public Iterator<E> iterator() {
        return members.keySet().iterator();
    }
}
