package dev.fairway.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/// The current state and the newest changes, in memory. Many read at once; one writer applies what is already durable.
final class RevisionIndex {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final NavigableMap<String, Store.Entry> current = new TreeMap<>();
    private final ChangeWindow window;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final Object progress = new Object();
    private volatile long revision;

    RevisionIndex(Engine.Loaded loaded, ChangeWindow.Bounds bounds) {
        loaded.entries().forEach(entry -> current.put(entry.key(), entry));
        revision = loaded.oldest();
        window = new ChangeWindow(bounds, revision);
        apply(loaded.history());
    }

    long revision() {
        return revision;
    }

    /// Waits until everything up to `wanted` is visible; false when that takes too long.
    boolean await(long wanted, Duration patience) throws InterruptedException {
        if (revision >= wanted) {
            return true;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (progress) {
            while (revision < wanted) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                progress.wait(millis);
            }
        }
        return true;
    }

    long oldest() {
        return reading(window::oldest);
    }

    Optional<Store.Entry> get(String key) {
        return reading(() -> Optional.ofNullable(current.get(key)));
    }

    Store.Page list(String prefix, String after, int limit, long asked) {
        return reading(() -> {
            if (asked == 0 || asked == revision) {
                return page(current, revision, prefix, after, limit);
            }
            requireKept(asked);
            return page(at(asked, prefix), asked, prefix, after, limit);
        });
    }

    /// Makes the commits visible, all at once, and wakes the subscriptions that they concern. Returns the commits that
    /// the window forgot.
    List<Commit> apply(List<Commit> commits) {
        List<Commit> forgotten = new ArrayList<>();
        lock.writeLock().lock();
        try {
            long now = System.nanoTime();
            for (Commit commit : commits) {
                commit.events().forEach(this::applyEvent);
                revision = commit.revision();
                forgotten.addAll(window.add(commit, now));
            }
            subscriptions.forEach(subscription -> subscription.offer(commits));
        } finally {
            lock.writeLock().unlock();
        }
        tellProgress();
        return forgotten;
    }

    /// Replaces the state by one that was reached in a way nobody knows any more: what was open on the changes before
    /// it ends as too old.
    void replace(Engine.Loaded loaded) {
        lock.writeLock().lock();
        try {
            current.clear();
            loaded.entries().forEach(entry -> current.put(entry.key(), entry));
            window.restart(loaded.oldest());
            revision = loaded.oldest();
            subscriptions.forEach(subscription -> subscription.owe(0));
        } finally {
            lock.writeLock().unlock();
        }
        tellProgress();
    }

    private void tellProgress() {
        synchronized (progress) {
            progress.notifyAll();
        }
    }

    /// Adds the subscription; everything after its revision will reach it, because no commit happens in between.
    void subscribe(Subscription subscription) {
        lock.writeLock().lock();
        try {
            requireKept(subscription.from());
            subscriptions.add(subscription);
            if (subscription.from() < revision) {
                subscription.owe(subscription.from());
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    void unsubscribe(Subscription subscription) {
        subscriptions.remove(subscription);
    }

    List<Subscription> subscriptions() {
        return List.copyOf(subscriptions);
    }

    /// Runs `body` while nothing changes.
    <T> T reading(Supplier<T> body) {
        lock.readLock().lock();
        try {
            return body.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    ChangeWindow window() {
        return window;
    }

    private void requireKept(long asked) {
        if (asked < window.oldest()) {
            throw new CompactedException(asked, window.oldest());
        }
        if (asked > revision) {
            throw new StoreException("revision " + asked + " has not happened yet; the newest is " + revision);
        }
    }

    private void applyEvent(Store.Event event) {
        if (event.deleted()) {
            current.remove(event.now().key());
        } else {
            current.put(event.now().key(), event.now());
        }
    }

    private NavigableMap<String, Store.Entry> at(long asked, String prefix) {
        NavigableMap<String, Store.Entry> state = new TreeMap<>();
        for (Store.Entry entry : current.tailMap(prefix, true).values()) {
            if (!entry.key().startsWith(prefix)) {
                break;
            }
            state.put(entry.key(), entry);
        }
        for (Map.Entry<String, Optional<Store.Entry>> undone :
                window.undone(asked, prefix).entrySet()) {
            state.remove(undone.getKey());
            undone.getValue().ifPresent(entry -> state.put(entry.key(), entry));
        }
        return state;
    }

    private static Store.Page page(
            NavigableMap<String, Store.Entry> state, long revision, String prefix, String after, int limit) {
        boolean resumed = after.compareTo(prefix) >= 0;
        List<Store.Entry> entries = new ArrayList<>();
        long remaining = 0;
        for (Store.Entry entry :
                state.tailMap(resumed ? after : prefix, !resumed).values()) {
            if (!entry.key().startsWith(prefix)) {
                break;
            }
            if (limit == 0 || entries.size() < limit) {
                entries.add(entry);
            } else {
                remaining++;
            }
        }
        return new Store.Page(entries, revision, remaining > 0, remaining);
    }
}
