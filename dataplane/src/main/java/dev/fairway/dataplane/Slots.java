package dev.fairway.dataplane;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Gives endpoints dense slots, moving as few as possible: an endpoint keeps its slot, the last ones fill the holes.
final class Slots {

    private Slots() {}

    /// @param had what the slots hold now, from slot 0 on
    /// @param wanted the endpoints that need a slot, each once
    /// @return the endpoints in slot order
    static <T> List<T> assign(List<T> had, List<T> wanted) {
        Set<T> homeless = new HashSet<>(wanted);
        List<Optional<T>> slots = new ArrayList<>();
        for (int slot = 0; slot < wanted.size(); slot++) {
            boolean stays = slot < had.size() && homeless.remove(had.get(slot));
            slots.add(stays ? Optional.of(had.get(slot)) : Optional.empty());
        }
        List<T> queue = wanted.stream().filter(homeless::contains).toList();
        List<T> assigned = new ArrayList<>();
        int next = 0;
        for (Optional<T> slot : slots) {
            assigned.add(slot.isPresent() ? slot.get() : queue.get(next++));
        }
        return List.copyOf(assigned);
    }
}
