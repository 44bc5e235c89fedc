package dev.fairway.scenarios.race;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What happened, by revision: all that any stream saw. Objects of one revision were written together.
final class Timeline {

    private final TreeMap<Long, Map<String, Seen>> revisions = new TreeMap<>();

    static Timeline of(History history) {
        Timeline out = new Timeline();
        history.streams().forEach(stream -> stream.events().forEach(out::add));
        return out;
    }

    private void add(Seen event) {
        revisions.computeIfAbsent(event.revision(), _ -> new TreeMap<>()).putIfAbsent(event.key(), event);
    }

    Collection<List<Seen>> transactions() {
        return revisions.values().stream()
                .map(events -> List.copyOf(events.values()))
                .toList();
    }

    List<Seen> events() {
        return revisions.values().stream()
                .flatMap(events -> events.values().stream())
                .toList();
    }

    Map<String, List<Seen>> byKey() {
        Map<String, List<Seen>> out = new TreeMap<>();
        events().forEach(event ->
                out.computeIfAbsent(event.key(), _ -> new ArrayList<>()).add(event));
        return out;
    }
}
