package dev.fairway.dataplane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives endpoints dense slots, moving as few as possible: an endpoint keeps its slots, the last ones fill the holes.
final class Slots {

    private Slots() {}

    /// @param had what the slots hold now, from slot 0 on
    /// @param wanted the endpoints that need a slot; one that needs several is there as often
    /// @return the endpoints in slot order
    static <T> List<T> assign(List<T> had, List<T> wanted) {
        if (had.isEmpty() || had.equals(wanted)) {
            return List.copyOf(wanted);
        }
        Map<T, Integer> homeless = new HashMap<>();
        wanted.forEach(endpoint -> homeless.merge(endpoint, 1, Integer::sum));
        List<Optional<T>> slots = new ArrayList<>();
        for (int slot = 0; slot < wanted.size(); slot++) {
            boolean stays = slot < had.size() && take(homeless, had.get(slot));
            slots.add(stays ? Optional.of(had.get(slot)) : Optional.empty());
        }
        List<T> queue =
                wanted.stream().filter(endpoint -> take(homeless, endpoint)).toList();
        List<T> assigned = new ArrayList<>();
        int next = 0;
        for (Optional<T> slot : slots) {
            assigned.add(slot.isPresent() ? slot.get() : queue.get(next++));
        }
        return List.copyOf(assigned);
    }

    private static <T> boolean take(Map<T, Integer> homeless, T endpoint) {
        int left = homeless.getOrDefault(endpoint, 0);
        if (left > 0) {
            homeless.put(endpoint, left - 1);
        }
        return left > 0;
    }
}
