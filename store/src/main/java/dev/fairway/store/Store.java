package dev.fairway.store;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Revisioned keys. Every committed transaction gets a higher revision than all before it; a key's entry carries the
/// revision of its last change. Reads see every commit that this store acknowledged before they began, and after
/// {@link #catchUp()} those that any other store on the same keys acknowledged. All engines behave alike.
///
/// Errors of the outside world are {@link StoreException}: what was done, to which key or file, the raw fact, the
/// remedy.
public interface Store extends AutoCloseable {

    /// The revision of the newest commit; 1 for an empty store. It never goes back, across restarts too.
    long revision();

    /// Makes reads that follow see everything that was acknowledged before this call, by whichever store. At once where
    /// no other store can write.
    ///
    /// @throws StoreException with the meaning `UNAVAILABLE` when nobody tells in time
    void catchUp();

    Optional<Entry> get(String key);

    /// Entries whose key starts with `prefix`, in key order, all as of one revision.
    ///
    /// @param after only keys greater than this one; empty for all
    /// @param limit at most this many; 0 for all
    /// @param revision as of this revision (for pages that go together); 0 for the newest
    /// @throws CompactedException when the revision is no longer kept
    /// @throws StoreException when the revision has not happened yet
    Page list(String prefix, String after, int limit, long revision);

    default Page list(String prefix) {
        return list(prefix, "", 0, 0);
    }

    /// All or nothing, durable when it returns. A transaction that changes nothing keeps the revision.
    ///
    /// @throws StoreException when the storage failed; its meaning says whether later commits may work. Reads go on
    CommitResult commit(Transaction transaction);

    /// Every change of keys under `prefix` after `revision`, once each and in order.
    ///
    /// The listener is called on the watch's own thread, one call at a time. A listener that throws, or that falls
    /// behind what the store keeps, is dropped and told so.
    ///
    /// @throws CompactedException when changes after that revision are no longer kept
    /// @throws StoreException when the revision has not happened yet
    Watch watch(String prefix, long revision, WatchListener listener);

    /// The oldest revision that lists and watches may still ask for. At least some minutes of history are kept, unless
    /// there is more of it than memory should hold.
    long compactedRevision();

    @Override
    void close();

    /// @param value never changed once it is here, neither by the store nor by those who read it
    /// @param createRevision revision of the commit that created the key
    /// @param revision revision of the commit that last changed it
    record Entry(String key, byte[] value, long createRevision, long revision) {}

    /// @param revision the revision the page was read at
    /// @param more whether further entries follow the last one
    /// @param remaining how many entries follow the last one
    record Page(List<Entry> entries, long revision, boolean more, long remaining) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /// Changes that are made together if every guard holds. No key may be changed twice.
    record Transaction(List<Guard> guards, List<Change> changes) {
        public Transaction {
            guards = List.copyOf(guards);
            changes = List.copyOf(changes);
            Set<String> keys = new HashSet<>();
            for (Change change : changes) {
                if (!keys.add(change.key())) {
                    throw new IllegalArgumentException("a transaction changes key " + change.key() + " twice");
                }
            }
        }
    }

    sealed interface Guard {
        String key();

        /// Whether it holds where `actual` stands.
        default boolean holds(Optional<Entry> actual) {
            return switch (this) {
                case Absent _ -> actual.isEmpty();
                case At at -> actual.isPresent() && actual.get().revision() == at.revision;
            };
        }

        /// The key does not exist.
        record Absent(String key) implements Guard {}

        /// The key exists and was last changed at `revision`.
        record At(String key, long revision) implements Guard {}
    }

    sealed interface Change {
        String key();

        record Put(String key, byte[] value) implements Change {}

        /// Deleting a missing key is no error and gives no event.
        record Delete(String key) implements Change {}
    }

    sealed interface CommitResult {
        /// Committed and durable.
        record Done(long revision) implements CommitResult {}

        /// Nothing was changed: `failed` did not hold, `actual` is what stands there instead.
        record Refused(Guard failed, Optional<Entry> actual) implements CommitResult {}
    }

    /// @param now the entry after the change; for a deletion the last entry, with the revision of the deletion
    /// @param before the entry before the change; empty for a creation
    record Event(boolean deleted, Entry now, Optional<Entry> before) {
        public long revision() {
            return now.revision();
        }
    }

    interface WatchListener {
        /// Changes of one or more commits, in order. Never empty.
        void changed(List<Event> events);

        /// No further call follows: the listener threw, or fell too far behind. Not called after `Watch.close()`.
        default void dropped(String why) {}
    }

    interface Watch extends AutoCloseable {
        /// Ends the watch. A call of the listener that is under way may still finish.
        @Override
        void close();
    }
}
