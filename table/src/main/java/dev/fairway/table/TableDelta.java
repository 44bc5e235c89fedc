package dev.fairway.table;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The Services that differ between two tables. What the two share costs nothing.
///
/// @param revision the revision of the newer table
/// @param changes in name order
/// @param namespaces the namespaces of the newer table
public record TableDelta(long revision, SortedMap<ServiceName, EntryChange> changes, PersistentSet<String> namespaces) {

    /// What happened to one Service.
    public sealed interface EntryChange {

        record Added(ServiceEntry entry) implements EntryChange {}

        record Removed(ServiceEntry entry) implements EntryChange {}

        record Changed(ServiceEntry before, ServiceEntry after) implements EntryChange {}

        /// What the newer table has.
        default Optional<ServiceEntry> now() {
            return switch (this) {
                case Added(ServiceEntry entry) -> Optional.of(entry);
                case Removed(ServiceEntry _) -> Optional.empty();
                case Changed(ServiceEntry _, ServiceEntry after) -> Optional.of(after);
            };
        }
    }

    public TableDelta {
        changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
    }

    public static TableDelta between(ServiceTable from, ServiceTable to) {
        TreeMap<ServiceName, EntryChange> changes = new TreeMap<>();
        from.services()
                .differences(
                        to.services(),
                        ServiceEntry::equals,
                        (name, before, now) -> changes.put(name, change(before, now)));
        return new TableDelta(to.revision(), changes, to.namespaces());
    }

    private static EntryChange change(Optional<ServiceEntry> before, Optional<ServiceEntry> now) {
        if (before.isEmpty()) {
            return new EntryChange.Added(now.orElseThrow());
        }
        return now.<EntryChange>map(after -> new EntryChange.Changed(before.get(), after))
                .orElseGet(() -> new EntryChange.Removed(before.get()));
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /// The newer table, from the older one.
    public ServiceTable applyTo(ServiceTable from) {
        PersistentMap<ServiceName, ServiceEntry> services = from.services();
        for (var change : changes.entrySet()) {
            services = services.with(change.getKey(), change.getValue().now());
        }
        return new ServiceTable(revision, services, namespaces);
    }
}
