package dev.fairway.api.registry;

import dev.fairway.api.kind.WriteScope;
import dev.fairway.store.Store;
import dev.fairway.store.Store.Change;
import dev.fairway.store.Store.CommitResult;
import dev.fairway.store.Store.Guard;
import dev.fairway.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One attempt of one write: collects guards and changes, then commits them together.
final class Attempt implements WriteScope {

    private final Store store;
    private final RandomGenerator random;
    private final Instant now;
    private final boolean dryRun;
    private final Map<String, Guard> guards = new LinkedHashMap<>();
    private final Map<String, Change> changes = new LinkedHashMap<>();

    Attempt(Store store, RandomGenerator random, Instant now, boolean dryRun) {
        this.store = store;
        this.random = random;
        this.now = now;
        this.dryRun = dryRun;
    }

    @Override
    public Optional<Store.Entry> read(String key) {
        return switch (changes.get(key)) {
            case null -> store.get(key);
            case Change.Put put -> Optional.of(new Store.Entry(key, put.value(), 0, 0));
            case Change.Delete _ -> Optional.empty();
        };
    }

    @Override
    public Store.Page list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public void require(Guard guard) {
        guards.put(guard.key(), guard);
    }

    @Override
    public void change(Change change) {
        changes.put(change.key(), change);
    }

    @Override
    public boolean dryRun() {
        return dryRun;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public Instant now() {
        return now;
    }

    /// A dry run checks the guards and changes nothing.
    CommitResult commit() {
        List<Change> wanted = dryRun ? List.of() : new ArrayList<>(changes.values());
        try {
            return store.commit(new Store.Transaction(new ArrayList<>(guards.values()), wanted));
        } catch (StoreException e) {
            throw Refusal.storage(e);
        }
    }
}
