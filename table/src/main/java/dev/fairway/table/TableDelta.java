package dev.fairway.table;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The Services that differ between two tables.
///
/// @param revision the revision of the newer table
/// @param changes in name order
/// @param namespaces the namespaces of the newer table
public record TableDelta(long revision, SortedMap<ServiceName, EntryChange> changes, SortedSet<String> namespaces) {

    /// What happened to one Service.
    public sealed interface EntryChange {

        record Added(ServiceEntry entry) implements EntryChange {}

        record Removed(ServiceEntry entry) implements EntryChange {}

        record Changed(ServiceEntry before, ServiceEntry after) implements EntryChange {}
    }

    public TableDelta {
        changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
        namespaces = Collections.unmodifiableSortedSet(new TreeSet<>(namespaces));
    }

    /// Unchanged Services are mostly the same object in both tables, so the comparison is mostly of references.
    public static TableDelta between(ServiceTable from, ServiceTable to) {
        TreeMap<ServiceName, EntryChange> changes = new TreeMap<>();
        from.services().forEach((name, before) -> {
            if (!to.services().containsKey(name)) {
                changes.put(name, new EntryChange.Removed(before));
            }
        });
        to.services()
                .forEach((name, after) -> change(
                                Optional.ofNullable(from.services().get(name)), after)
                        .ifPresent(change -> changes.put(name, change)));
        return new TableDelta(to.revision(), changes, to.namespaces());
    }

    @SuppressWarnings("ReferenceEquality") // the cheap question first
    private static Optional<EntryChange> change(Optional<ServiceEntry> before, ServiceEntry after) {
        if (before.isEmpty()) {
            return Optional.of(new EntryChange.Added(after));
        }
        boolean same = before.get() == after || before.get().equals(after);
        return same ? Optional.empty() : Optional.of(new EntryChange.Changed(before.get(), after));
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /// The newer table, from the older one.
    public ServiceTable applyTo(ServiceTable from) {
        TreeMap<ServiceName, ServiceEntry> services = new TreeMap<>(from.services());
        changes.forEach((name, change) -> {
            switch (change) {
                case EntryChange.Added(ServiceEntry entry) -> services.put(name, entry);
                case EntryChange.Removed(ServiceEntry _) -> services.remove(name);
                case EntryChange.Changed(ServiceEntry _, ServiceEntry after) -> services.put(name, after);
            }
        });
        return new ServiceTable(revision, services, namespaces);
    }
}
