package dev.fairway.schema.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.ApiClient.Subscription;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A local copy of a collection, kept up to date by list and watch on one virtual thread.
///
/// It never ends by itself: failures are kept in {@link #problem()} and tried again with back-off, while the last known
/// state stays readable. After a lost watch it goes on where it was, and waits a while for a server that has not got
/// there (504); after compaction (410) it lists again and tells the listener only the differences.
public final class Mirror implements AutoCloseable {

    /// Hears of changes, on the mirror's own thread, in order, after {@link Mirror#objects()} shows them.
    @FunctionalInterface
    public interface Listener {

        Listener NONE = (key, before, now) -> {};

        /// @param before what the mirror showed until now; empty when the object is new
        /// @param now empty when the object is gone
        void changed(ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now);

        /// All changes up to this revision have been told.
        default void caughtUp(String resourceVersion) {}
    }

    /// So often in a row a server may say that it has not reached the revision; one that stays behind was set back.
    private static final int BEHIND_MAX = 4;

    private final ApiClient client;
    private final Resource resource;
    private final String namespace;
    private final Selection selection;
    private final Listener listener;
    private final UnaryOperator<ObjectNode> kept;
    private final ConcurrentSkipListMap<ObjectKey, ObjectNode> objects = new ConcurrentSkipListMap<>();
    private final NavigableMap<ObjectKey, ObjectNode> view = Collections.unmodifiableNavigableMap(objects);
    private final CountDownLatch synced = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final BackOff backOff = new BackOff(Duration.ofMillis(50), Duration.ofSeconds(5));
    private volatile Optional<String> problem = Optional.empty();
    private volatile @Nullable WatchFeed feed;
    private volatile String revision = "";
    private int behind;

    private Mirror(
            ApiClient client,
            Resource resource,
            String namespace,
            Selection selection,
            Listener listener,
            UnaryOperator<ObjectNode> kept) {
        this.client = client;
        this.resource = resource;
        this.namespace = namespace;
        this.selection = selection;
        this.listener = listener;
        this.kept = kept;
    }

    /// @param namespace empty for all namespaces, or for a cluster-wide kind
    public static Mirror start(
            ApiClient client, Resource resource, String namespace, Selection selection, Listener listener) {
        return start(client, resource, namespace, selection, listener, UnaryOperator.identity());
    }

    /// A mirror that keeps only a part of each object, for who takes the rest from what the listener hears.
    ///
    /// @param kept what to keep: at least namespace, name, uid and resourceVersion; the listener hears of the whole
    public static Mirror start(
            ApiClient client,
            Resource resource,
            String namespace,
            Selection selection,
            Listener listener,
            UnaryOperator<ObjectNode> kept) {
        Mirror mirror = new Mirror(client, resource, namespace, selection, listener, kept);
        Thread.ofVirtual().name("mirror " + resource.qualifiedName()).start(mirror::run);
        return mirror;
    }

    /// A live, unmodifiable view in the order of the keys. The objects are shared: never edit them.
    public NavigableMap<ObjectKey, ObjectNode> objects() {
        return view;
    }

    public Optional<ObjectNode> get(String namespace, String name) {
        return Optional.ofNullable(objects.get(new ObjectKey(namespace, name)));
    }

    /// Waits for the first complete list.
    ///
    /// @return false when the time is over (or the thread interrupted) before that
    public boolean awaitSynced(Duration limit) {
        try {
            return synced.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public boolean isSynced() {
        return synced.getCount() == 0;
    }

    /// Why the copy may be old just now: the newest failure of list or watch, empty while all is well.
    public Optional<String> problem() {
        return problem;
    }

    /// The revision up to which changes are in the copy and told to the listener; empty before the first list and while
    /// a new one is due.
    public String resourceVersion() {
        return revision;
    }

    public Resource resource() {
        return resource;
    }

    /// Ends the watch. A listener call in progress may still complete; what happens after this is told to nobody.
    @Override
    public void close() {
        closed.countDown();
        WatchFeed open = feed;
        if (open != null) {
            open.stop();
        }
    }

    private void run() {
        do {
            attempt();
        } while (pause());
    }

    /// One list (when there is no revision to go on from) and one watch, to its end.
    private void attempt() {
        try {
            if (revision.isEmpty()) {
                replaceAll();
            }
            if (isOpen()) {
                follow();
            }
        } catch (ApiException e) {
            problem = Optional.of("cannot mirror " + resource.qualifiedName() + ": " + e.text());
            revision = isPassing(e) ? revision : "";
        } catch (RuntimeException e) {
            // The top of the mirror's loop: whatever failed, an own defect included, a fresh list sets right.
            problem = Optional.of("cannot mirror " + resource.qualifiedName() + ": " + e);
            revision = "";
        }
    }

    /// A server that is away, busy, or behind the one that was asked before knows the revision in a moment.
    private boolean isPassing(ApiException e) {
        behind = e.code() == 504 ? behind + 1 : 0;
        return e.code() == 503 || e.code() == 429 || (e.code() == 504 && behind <= BEHIND_MAX);
    }

    private void replaceAll() {
        Set<ObjectKey> gone = new HashSet<>(objects.keySet());
        String listed = client.listEach(resource, namespace, selection, object -> {
            gone.remove(Meta.key(object));
            put(object);
        });
        gone.forEach(this::remove);
        caughtUp(listed);
        problem = Optional.empty();
        synced.countDown();
    }

    private void follow() {
        WatchFeed events = new WatchFeed();
        feed = events;
        try (Subscription _ = client.watch(resource, namespace, selection, revision, events)) {
            problem = Optional.empty();
            behind = 0;
            while (isOpen() && accept(events.take())) {
                backOff.reset();
            }
        } finally {
            feed = null;
        }
    }

    private boolean accept(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Changed change -> {
                apply(change);
                yield true;
            }
            case WatchEvent.Bookmark bookmark -> {
                caughtUp(bookmark.resourceVersion());
                yield true;
            }
            case WatchEvent.Closed end -> {
                end.reason().ifPresent(reason -> {
                    problem = Optional.of("watch of " + resource.qualifiedName() + " ended: " + reason.text());
                    revision = reason.isExpired() ? "" : revision;
                });
                yield false;
            }
        };
    }

    private void apply(WatchEvent.Changed change) {
        if (change.kind() == ChangeKind.DELETED) {
            remove(Meta.key(change.object()));
        } else {
            put(change.object());
        }
        String version = Meta.resourceVersion(change.object());
        if (!version.isEmpty()) {
            caughtUp(version);
        }
        problem = Optional.empty();
    }

    private void caughtUp(String resourceVersion) {
        revision = resourceVersion;
        listener.caughtUp(resourceVersion);
    }

    private void put(ObjectNode object) {
        if (!isOpen()) {
            return; // the list or the event was on its way when the mirror was closed
        }
        ObjectKey key = Meta.key(object);
        ObjectNode before = objects.put(key, kept.apply(object));
        boolean same = before != null
                && Meta.uid(before).equals(Meta.uid(object))
                && Meta.resourceVersion(before).equals(Meta.resourceVersion(object));
        if (!same) {
            listener.changed(key, Optional.ofNullable(before), Optional.of(object));
        }
    }

    private void remove(ObjectKey key) {
        if (!isOpen()) {
            return;
        }
        ObjectNode before = objects.remove(key);
        if (before != null) {
            listener.changed(key, Optional.of(before), Optional.empty());
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    /// @return true when it is time for the next attempt, false when the mirror is closed
    private boolean pause() {
        try {
            return !closed.await(backOff.nextMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
