package dev.fairway.api.kind;

import dev.fairway.store.Store;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One attempt of one write. What is required and changed here is committed together with the object; when a guard does
/// not hold at the commit, the whole attempt is repeated from fresh state. So a rule must keep nothing between calls.
public interface WriteScope {

    /// The entry as this attempt sees it: its own changes first, then the store.
    Optional<Store.Entry> read(String key);

    /// Entries under the prefix in the store; changes of this attempt are not included.
    Store.Page list(String prefix);

    void require(Store.Guard guard);

    /// Adds a change; a later change of the same key replaces the earlier one.
    void change(Store.Change change);

    /// Nothing will be committed; rules behave as always.
    boolean dryRun();

    RandomGenerator random();

    Instant now();
}
