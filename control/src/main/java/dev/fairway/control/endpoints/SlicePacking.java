package dev.fairway.control.endpoints;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Distributes endpoints of one address family and port set over slices with few writes: change in place, fill the
/// slices
/// that change anyway (the fullest first), then one slice that fits best, then new slices. Slices are never rebalanced.
final class SlicePacking {

    /// @param endpoints by identity, in their order within the slice
    record Slice(String name, boolean outdated, Map<String, ObjectNode> endpoints) {}

    /// @param changed new endpoints by slice name
    /// @param kept names of slices that stay as they are
    record Packed(
            Map<String, List<ObjectNode>> changed,
            List<List<ObjectNode>> created,
            Set<String> removed,
            Set<String> kept) {}

    private final int limit;
    private final Map<String, ObjectNode> missing;
    private final Map<String, List<ObjectNode>> changed = new LinkedHashMap<>();
    private final Map<String, List<ObjectNode>> unchanged = new LinkedHashMap<>();
    private final Set<String> removed = new LinkedHashSet<>();
    private final List<List<ObjectNode>> created = new ArrayList<>();

    private SlicePacking(Map<String, ObjectNode> wanted, int limit) {
        this.missing = new LinkedHashMap<>(wanted);
        this.limit = limit;
    }

    /// @param existing slices; `outdated` ones must be written even if their endpoints stay
    /// @param wanted endpoints by identity
    /// @param limit the most endpoints per slice
    static Packed pack(List<Slice> existing, Map<String, ObjectNode> wanted, int limit) {
        SlicePacking packing = new SlicePacking(wanted, limit);
        existing.forEach(packing::updateInPlace);
        packing.fillChanged();
        packing.placeTheRest();
        return new Packed(packing.changed, packing.created, packing.removed, Set.copyOf(packing.unchanged.keySet()));
    }

    private void updateInPlace(Slice slice) {
        List<ObjectNode> rest = new ArrayList<>();
        boolean same = !slice.outdated();
        for (Map.Entry<String, ObjectNode> had : slice.endpoints().entrySet()) {
            ObjectNode now = missing.remove(had.getKey());
            same = same && had.getValue().equals(now);
            if (now != null) {
                rest.add(now);
            }
        }
        if (rest.isEmpty()) {
            removed.add(slice.name());
        } else {
            (same ? unchanged : changed).put(slice.name(), rest);
        }
    }

    private void fillChanged() {
        changed.values().stream()
                .sorted(Comparator.comparingInt((List<ObjectNode> endpoints) -> endpoints.size())
                        .reversed())
                .forEach(this::fill);
    }

    private void placeTheRest() {
        while (!missing.isEmpty()) {
            if (!fillOneThatFits()) {
                List<ObjectNode> fresh = new ArrayList<>();
                fill(fresh);
                created.add(fresh);
            }
        }
    }

    /// Puts all that is missing into the slice that is then nearest to full.
    ///
    /// @return false when none has the room
    private boolean fillOneThatFits() {
        Optional<Map.Entry<String, List<ObjectNode>>> best = unchanged.entrySet().stream()
                .filter(slice -> slice.getValue().size() + missing.size() <= limit)
                .max(Comparator.comparingInt(slice -> slice.getValue().size()));
        best.ifPresent(slice -> {
            fill(slice.getValue());
            changed.put(slice.getKey(), slice.getValue());
            unchanged.remove(slice.getKey());
        });
        return best.isPresent();
    }

    private void fill(List<ObjectNode> endpoints) {
        Iterator<ObjectNode> next = missing.values().iterator();
        while (endpoints.size() < limit && next.hasNext()) {
            endpoints.add(next.next());
            next.remove();
        }
    }
}
