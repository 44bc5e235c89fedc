package dev.fairway.api.registry;

import dev.fairway.schema.ApiException;
import dev.fairway.store.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Spreads the store's changes over all watchers. One store watch serves everybody, so each change is decoded once, and
/// a revision that the hub has passed was handed to every watcher.
final class WatchHub implements Store.WatchListener, AutoCloseable {

    /// What is kept for watches that resume: this many changes, and this many bytes of objects.
    private static final int KEPT_MAX = 50_000;

    private static final long KEPT_BYTES_MAX = 24 << 20;

    private final Object lock = new Object();
    private final ObjectCache cache;
    private final Map<String, Audience> audiences = new HashMap<>();
    private final Deque<Store.Event> kept = new ArrayDeque<>();
    private final Store store;
    private Store.Watch source;
    private long keptBytes;
    private long oldest;
    private volatile long progress;
    private boolean closed;

    private WatchHub(Store store, ObjectCache cache) {
        this.store = store;
        this.cache = cache;
        this.oldest = store.compactedRevision();
        this.progress = oldest;
        this.source = store.watch("/", oldest, this);
    }

    static WatchHub open(Store store, ObjectCache cache) {
        return new WatchHub(store, cache);
    }

    long progress() {
        return progress;
    }

    @Override
    public void changed(List<Store.Event> events) {
        synchronized (lock) {
            for (List<Store.Event> revision : byRevision(events)) {
                revision.forEach(this::keep);
                spread(revision);
            }
            progress = Math.max(progress, events.getLast().revision());
            lock.notifyAll();
        }
    }

    /// The store no longer knows what happened since the last change: everybody must read anew, and the hub starts
    /// again from what the store has.
    @Override
    public void dropped(String why) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            endAll(Optional.of(Refusal.expired("The resourceVersion for the provided watch is too old: " + why)));
            kept.clear();
            keptBytes = 0;
            oldest = store.compactedRevision();
            progress = oldest;
            source = store.watch("/", oldest, this);
        }
    }

    private void keep(Store.Event event) {
        kept.addLast(event);
        keptBytes += event.now().value().length;
        while (kept.size() > KEPT_MAX || keptBytes > KEPT_BYTES_MAX) {
            Store.Event gone = kept.removeFirst();
            keptBytes -= gone.now().value().length;
            oldest = gone.revision();
        }
        if (event.deleted()) {
            cache.drop(event.now().key(), event.revision());
        }
    }

    private static List<List<Store.Event>> byRevision(List<Store.Event> events) {
        List<List<Store.Event>> out = new ArrayList<>();
        long revision = -1;
        for (Store.Event event : events) {
            if (event.revision() != revision) {
                out.add(new ArrayList<>());
                revision = event.revision();
            }
            out.getLast().add(event);
        }
        return out;
    }

    private void spread(List<Store.Event> revision) {
        Map<String, List<HubChange>> byCollection = new LinkedHashMap<>();
        for (Store.Event event : revision) {
            String collection = Keys.collectionOf(event.now().key());
            if (audiences.containsKey(collection)) {
                byCollection.computeIfAbsent(collection, c -> new ArrayList<>()).add(new HubChange(event, cache));
            }
        }
        byCollection.forEach((collection, changes) ->
                Objects.requireNonNull(audiences.get(collection)).offer(changes));
    }

    /// Waits until every change up to `revision` was handed out; false when that took too long.
    boolean await(long revision, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (lock) {
            while (progress < revision && !closed) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                lock.wait(millis);
            }
            return true;
        }
    }

    /// A watcher of everything after now; returns the revision that "now" is.
    long join(Watcher watcher) {
        synchronized (lock) {
            add(watcher);
            return progress;
        }
    }

    /// A watcher of everything after `revision`.
    ///
    /// @throws dev.fairway.schema.ApiException when those changes are no longer kept
    void resume(Watcher watcher, long revision) {
        synchronized (lock) {
            if (revision < oldest) {
                throw Refusal.expired("too old resource version: " + revision + " (" + oldest + ")");
            }
            for (List<Store.Event> together : byRevision(missed(watcher.collection(), revision))) {
                watcher.catchUp(together.stream()
                        .map(event -> new HubChange(event, cache))
                        .toList());
            }
            add(watcher);
        }
    }

    /// From the newest backwards: most who resume have missed little.
    private List<Store.Event> missed(String collection, long revision) {
        List<Store.Event> missed = new ArrayList<>();
        for (Iterator<Store.Event> back = kept.descendingIterator(); back.hasNext(); ) {
            Store.Event event = back.next();
            if (event.revision() <= revision) {
                break;
            }
            if (event.now().key().startsWith(collection)) {
                missed.add(event);
            }
        }
        return missed.reversed();
    }

    private void add(Watcher watcher) {
        audiences.computeIfAbsent(watcher.collection(), c -> new Audience()).add(watcher);
        if (closed) {
            watcher.end(Optional.empty());
        }
    }

    void remove(Watcher watcher) {
        synchronized (lock) {
            Audience audience = audiences.get(watcher.collection());
            if (audience != null) {
                audience.remove(watcher);
            }
        }
    }

    private void endAll(Optional<ApiException> reason) {
        audiences.values().forEach(each -> each.forEach(watcher -> watcher.end(reason)));
        audiences.clear();
    }

    /// Ends every watch.
    @Override
    public void close() {
        synchronized (lock) {
            source.close();
            closed = true;
            endAll(Optional.empty());
            lock.notifyAll();
        }
    }
}
