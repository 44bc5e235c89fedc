package dev.fairway.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides transactions one after another, each seeing those decided before it, none of them durable yet.
final class Draft {

    private final RevisionIndex index;
    private final Map<String, Optional<Store.Entry>> changed = new HashMap<>();
    private final List<Commit> commits = new ArrayList<>();
    private long revision;

    Draft(RevisionIndex index) {
        this.index = index;
        this.revision = index.revision();
    }

    List<Commit> commits() {
        return commits;
    }

    Store.CommitResult decide(Store.Transaction transaction) {
        for (Store.Guard guard : transaction.guards()) {
            Optional<Store.Entry> actual = get(guard.key());
            if (!guard.holds(actual)) {
                return new Store.CommitResult.Refused(guard, actual);
            }
        }
        List<Store.Event> events = new ArrayList<>();
        for (Store.Change change : transaction.changes()) {
            event(change).ifPresent(events::add);
        }
        if (!events.isEmpty()) {
            revision++;
            commits.add(new Commit(revision, events));
            events.forEach(event ->
                    changed.put(event.now().key(), event.deleted() ? Optional.empty() : Optional.of(event.now())));
        }
        return new Store.CommitResult.Done(revision);
    }

    private Optional<Store.Entry> get(String key) {
        Optional<Store.Entry> here = changed.get(key);
        return here != null ? here : index.get(key);
    }

    private Optional<Store.Event> event(Store.Change change) {
        Optional<Store.Entry> before = get(change.key());
        long next = revision + 1;
        return switch (change) {
            case Store.Change.Put put -> {
                long created = before.map(Store.Entry::createRevision).orElse(next);
                yield Optional.of(
                        new Store.Event(false, new Store.Entry(put.key(), put.value(), created, next), before));
            }
            case Store.Change.Delete _ ->
                before.map(last -> new Store.Event(
                        true, new Store.Entry(last.key(), last.value(), last.createRevision(), next), before));
        };
    }
}
