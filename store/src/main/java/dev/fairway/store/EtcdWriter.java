package dev.fairway.store;

import dev.fairway.store.Store.Change;
import dev.fairway.store.Store.CommitResult;
import dev.fairway.store.Store.Guard;
import dev.fairway.store.etcd.Etcd;
import dev.fairway.store.etcd.KeyValue;
import dev.fairway.store.etcd.RpcException;
import dev.fairway.store.etcd.Txn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Commits to etcd: one transaction is one of etcd's, so any number of writers keep each other's guards.
final class EtcdWriter implements Writer {

    /// More comparisons than this do not fit beside the rest (etcd's `--max-txn-ops` is 128).
    private static final int COMPARISONS_MAX = Etcd.OPERATIONS_MAX - 8;

    private static final int ATTEMPTS_MAX = 50;
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(3);

    private final Etcd etcd;
    private final EtcdKeys keys;
    private final EtcdNewest newest;
    private final RevisionIndex index;
    private final EtcdFeed feed;
    private volatile boolean closed;

    EtcdWriter(Etcd etcd, EtcdKeys keys, EtcdNewest newest, RevisionIndex index, EtcdFeed feed) {
        this.etcd = etcd;
        this.keys = keys;
        this.newest = newest;
        this.index = index;
        this.feed = feed;
    }

    @Override
    public CommitResult commit(Store.Transaction transaction) {
        if (closed) {
            throw new StoreException("the store is closed");
        }
        try {
            for (int i = 0; i < ATTEMPTS_MAX; i++) {
                Optional<CommitResult> result = attempt(transaction);
                if (result.isPresent()) {
                    return result.get();
                }
                TimeUnit.MILLISECONDS.sleep(i);
            }
        } catch (RpcException e) {
            throw EtcdFailure.writing(e);
        } catch (InterruptedException e) {
            throw EtcdFailure.interrupted(e);
        }
        throw new StoreException(
                StoreException.Meaning.UNAVAILABLE,
                "writing the state failed: too many others write the same keys; nothing was changed");
    }

    /// Empty when the state that the attempt was made for is no longer there.
    private Optional<CommitResult> attempt(Store.Transaction transaction) throws RpcException, InterruptedException {
        List<Guard> compared = new ArrayList<>(transaction.guards());
        List<Change> changes = transaction.changes();
        Txn txn = new Txn();
        if (compared.size() > COMPARISONS_MAX) {
            Optional<CommitResult> refused = guardByRange(compared, txn);
            if (refused.isPresent()) {
                return refused;
            }
        }
        if (onlyDeletes(changes) && !holdsOneOf(compared, changes)) {
            changes = standing(changes, txn);
        }
        if (compared.isEmpty() && changes.isEmpty()) {
            return Optional.of(new CommitResult.Done(index.revision()));
        }
        compared.forEach(guard -> compare(guard, txn));
        changes.forEach(change -> add(change, txn));
        if (!changes.isEmpty()) {
            txn.put(keys.newest(), new byte[0]);
        }
        txn.elseGet(keys.newest());
        return result(etcd.commit(txn, EtcdNewest.PATIENCE), compared, changes);
    }

    private static boolean onlyDeletes(List<Change> changes) {
        return !changes.isEmpty() && changes.stream().allMatch(Change.Delete.class::isInstance);
    }

    private static boolean holdsOneOf(List<Guard> guards, List<Change> changes) {
        return guards.stream()
                .filter(Guard.At.class::isInstance)
                .anyMatch(guard ->
                        changes.stream().anyMatch(change -> change.key().equals(guard.key())));
    }

    /// The keys that are there to be deleted. A commit that changed nothing would be one that no watch hears of.
    private List<Change> standing(List<Change> deletes, Txn txn) {
        catchUp();
        List<Change> standing = deletes.stream()
                .filter(delete -> index.get(delete.key()).isPresent())
                .toList();
        if (!standing.isEmpty()) {
            txn.ifPresent(keys.full(standing.getFirst().key()));
        }
        return standing;
    }

    private void compare(Guard guard, Txn txn) {
        String key = keys.full(guard.key());
        switch (guard) {
            case Guard.Absent _ -> txn.ifAbsent(key);
            case Guard.At at when at.revision() > 0 -> txn.ifModifiedAt(key, at.revision());
            case Guard.At _ -> txn.ifPresent(key).ifAbsent(key); // no key has such a revision
        }
        txn.elseGet(key);
    }

    private void add(Change change, Txn txn) {
        switch (change) {
            case Change.Put put -> txn.put(keys.full(put.key()), put.value());
            case Change.Delete delete -> txn.delete(keys.full(delete.key()));
        }
    }

    /// Too many keys must be absent to compare each: that they are is seen in the index, and one comparison says that
    /// none of the keys from the first to the last was written since. Takes those guards out of the list.
    private Optional<CommitResult> guardByRange(List<Guard> guards, Txn txn) {
        catchUp();
        long since = index.revision();
        TreeSet<String> absent = new TreeSet<>();
        for (Guard guard : guards) {
            if (guard instanceof Guard.Absent(String key)) {
                Optional<Store.Entry> actual = index.get(key);
                if (actual.isPresent()) {
                    return Optional.of(new CommitResult.Refused(guard, actual));
                }
                absent.add(key);
            }
        }
        guards.removeIf(Guard.Absent.class::isInstance);
        if (guards.size() > COMPARISONS_MAX) {
            throw new StoreException("writing the state failed: the change depends on " + guards.size()
                    + " objects at once, and etcd compares at most " + COMPARISONS_MAX);
        }
        txn.ifNoneSince(keys.full(absent.first()), keys.full(absent.last()) + "\0", since);
        return Optional.empty();
    }

    private Optional<CommitResult> result(Txn.Outcome outcome, List<Guard> compared, List<Change> changes)
            throws InterruptedException {
        if (outcome.done()) {
            if (changes.isEmpty()) {
                return Optional.of(new CommitResult.Done(index.revision()));
            }
            feed.await(outcome.revision(), VISIBLE_WITHIN);
            return Optional.of(new CommitResult.Done(outcome.revision()));
        }
        Map<String, KeyValue> found =
                outcome.found().stream().collect(Collectors.toMap(KeyValue::key, Function.identity()));
        KeyValue last = found.get(keys.newest());
        feed.await(last == null ? 0 : last.revision(), VISIBLE_WITHIN);
        for (Guard guard : compared) {
            Optional<Store.Entry> actual =
                    Optional.ofNullable(found.get(keys.full(guard.key()))).map(keys::entry);
            if (!guard.holds(actual)) {
                return Optional.of(new CommitResult.Refused(guard, actual));
            }
        }
        return Optional.empty();
    }

    @Override
    public void catchUp() {
        try {
            long revision = newest.read();
            if (!feed.await(revision, VISIBLE_WITHIN)) {
                throw new StoreException(
                        StoreException.Meaning.UNAVAILABLE,
                        "reading the state failed: etcd at " + etcd.current()
                                + " answers, but the changes up to revision " + revision + " have not come");
            }
        } catch (InterruptedException e) {
            throw EtcdFailure.interrupted(e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
