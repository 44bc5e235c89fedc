package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The watchers of one collection, found by what they want. Each stands in one place, so a change reaches it once. Not
/// thread-safe.
final class Audience {

    private record Branch(Kind kind, Map<String, Set<Watcher>> byValue) {}

    private final Map<Facet, Branch> branches = new HashMap<>();
    private int size;

    int size() {
        return size;
    }

    void add(Watcher watcher) {
        Facet.Wish wish = watcher.wish();
        boolean added = branches.computeIfAbsent(wish.facet(), f -> new Branch(watcher.kind(), new HashMap<>()))
                .byValue
                .computeIfAbsent(wish.value(), v -> new LinkedHashSet<>())
                .add(watcher);
        size += added ? 1 : 0;
    }

    void remove(Watcher watcher) {
        Facet.Wish wish = watcher.wish();
        Branch branch = branches.get(wish.facet());
        if (branch == null) {
            return;
        }
        Set<Watcher> place = branch.byValue.get(wish.value());
        if (place == null || !place.remove(watcher)) {
            return;
        }
        size--;
        if (place.isEmpty()) {
            branch.byValue.remove(wish.value());
        }
        if (branch.byValue.isEmpty()) {
            branches.remove(wish.facet());
        }
    }

    /// Offers the changes of one revision to those who may want them; who cannot take them is dropped.
    void offer(List<HubChange> revision) {
        for (Map.Entry<Facet, Branch> entry : branches.entrySet()) {
            Branch branch = entry.getValue();
            for (String value : values(revision, entry.getKey(), branch.kind)) {
                offer(revision, branch.byValue.getOrDefault(value, Set.of()));
            }
        }
    }

    private static Set<String> values(List<HubChange> revision, Facet facet, Kind kind) {
        if (revision.size() == 1) {
            return revision.getFirst().values(facet, kind);
        }
        Set<String> values = new LinkedHashSet<>();
        revision.forEach(change -> values.addAll(change.values(facet, kind)));
        return values;
    }

    private void offer(List<HubChange> revision, Set<Watcher> place) {
        for (Iterator<Watcher> each = place.iterator(); each.hasNext(); ) {
            if (!each.next().offer(revision)) {
                each.remove();
                size--;
            }
        }
    }

    void forEach(java.util.function.Consumer<Watcher> action) {
        branches.values().forEach(branch -> branch.byValue.values().forEach(place -> place.forEach(action)));
    }
}
