package dev.fairway.scenarios.race;

import dev.fairway.scenarios.race.Operation.Outcome;
import dev.fairway.scenarios.race.Operation.Verb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Linearizability of one key. The revisions already say in which order the writes took effect; what is left to check
/// is
/// that this order agrees with real time and with every answer: then each operation has a moment between its call and
/// its return at which it took effect.
final class KeyOrder {

    private final String key;
    private final List<Seen> events;
    private final List<Operation> operations;
    private final boolean stoodAtFirst;
    private final List<Placed> placed = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    /// An operation at a place of the order: the i-th write at 2i+1, a read of what stood after i writes at 2i.
    private record Placed(int place, Operation operation) {}

    private KeyOrder(String key, List<Seen> events, List<Operation> operations, boolean stoodAtFirst) {
        this.key = key;
        this.events = events;
        this.operations = operations;
        this.stoodAtFirst = stoodAtFirst;
    }

    static List<Fault> check(History history, Timeline timeline) {
        Map<String, List<Operation>> byKey = new TreeMap<>();
        history.operations()
                .forEach(operation -> byKey.computeIfAbsent(operation.key(), _ -> new ArrayList<>())
                        .add(operation));
        Map<String, List<Seen>> events = timeline.byKey();
        Map<String, Seen> initial = new HashMap<>();
        history.initial().forEach(event -> initial.put(event.key(), event));
        List<Fault> out = new ArrayList<>();
        byKey.forEach((key, operations) -> {
            var one = new KeyOrder(key, events.getOrDefault(key, List.of()), operations, initial.containsKey(key));
            out.addAll(one.check(initial.containsKey(key) ? initial.get(key).revision() : 0));
        });
        return out;
    }

    private List<Fault> check(long firstRevision) {
        Map<Long, Integer> index = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            index.put(events.get(i).revision(), i);
        }
        Operation[] writers = new Operation[events.size()];
        for (Operation operation : operations) {
            if (operation.outcome() == Outcome.DONE) {
                done(operation, index, writers, firstRevision);
            }
        }
        for (int i = 0; i < writers.length; i++) {
            placed.add(new Placed(2 * i + 1, writers[i] == null ? unanswered(events.get(i)) : writers[i]));
        }
        order();
        operations.stream()
                .filter(it -> it.outcome() == Outcome.ABSENT || it.outcome() == Outcome.PRESENT)
                .forEach(this::answerFits);
        return faults;
    }

    private void done(Operation operation, Map<Long, Integer> index, Operation[] writers, long firstRevision) {
        Integer at = index.get(operation.revision());
        if (!operation.isWrite()) {
            boolean first = at == null && operation.revision() == firstRevision;
            boolean readable = at != null && events.get(at).type() != Seen.Type.DELETED;
            if (first || readable) {
                placed.add(new Placed(first ? 0 : 2 * at + 2, operation));
            } else {
                fault(Fault.Rule.INVENTED, "never was: " + operation);
            }
        } else if (at == null || events.get(at).type() != wanted(operation.verb())) {
            fault(Fault.Rule.ACKNOWLEDGED, "no such event: " + operation);
        } else if (writers[at] != null) {
            fault(Fault.Rule.ACKNOWLEDGED, "one event for two writes: " + writers[at] + " and " + operation);
        } else {
            writers[at] = operation;
        }
    }

    private static Seen.Type wanted(Verb verb) {
        return switch (verb) {
            case CREATE -> Seen.Type.ADDED;
            case UPDATE -> Seen.Type.MODIFIED;
            case DELETE -> Seen.Type.DELETED;
            case READ -> throw new IllegalArgumentException("a read makes no event");
        };
    }

    /// The write behind an event that nobody was told of: one without an answer.
    private Operation unanswered(Seen event) {
        long invoked = operations.stream()
                .filter(it -> it.outcome() == Outcome.UNKNOWN && it.isWrite() && wanted(it.verb()) == event.type())
                .mapToLong(Operation::invokedNanos)
                .min()
                .orElse(Long.MAX_VALUE);
        if (invoked == Long.MAX_VALUE) {
            fault(Fault.Rule.INVENTED, "nobody asked for " + event);
        }
        long from = invoked == Long.MAX_VALUE ? Long.MIN_VALUE : invoked;
        return new Operation(-1, Verb.UPDATE, key, from, Long.MAX_VALUE, Outcome.UNKNOWN, event.revision());
    }

    /// No operation returned before one of an earlier place was called.
    private void order() {
        placed.sort(Comparator.comparingInt(Placed::place));
        Operation latest = null;
        int from = 0;
        while (from < placed.size()) {
            int to = from;
            while (to < placed.size()
                    && placed.get(to).place() == placed.get(from).place()) {
                Operation operation = placed.get(to).operation();
                if (latest != null && operation.returnedNanos() < latest.invokedNanos()) {
                    fault(
                            Fault.Rule.LINEAR,
                            operation + " ended before this one, whose effect it saw or undid: " + latest);
                }
                to++;
            }
            for (Placed each : placed.subList(from, to)) {
                if (latest == null || each.operation().invokedNanos() > latest.invokedNanos()) {
                    latest = each.operation();
                }
            }
            from = to;
        }
    }

    /// There was a moment during the operation at which the object was absent, or stood, as the answer says.
    private void answerFits(Operation operation) {
        long[] earliest = new long[events.size() + 1];
        long[] latest = new long[events.size() + 1];
        Arrays.fill(earliest, Long.MIN_VALUE);
        Arrays.fill(latest, Long.MAX_VALUE);
        for (Placed each : placed) {
            if (each.place() % 2 == 1) {
                int write = each.place() / 2;
                earliest[write + 1] = each.operation().invokedNanos();
                latest[write] = each.operation().returnedNanos();
            }
        }
        for (int i = 0; i < events.size(); i++) {
            earliest[i + 1] = Math.max(earliest[i + 1], earliest[i]);
        }
        for (int i = events.size() - 1; i >= 0; i--) {
            latest[i] = Math.min(latest[i], latest[i + 1]);
        }
        for (int writes = 0; writes <= events.size(); writes++) {
            boolean stands = writes == 0 ? stoodAtFirst : events.get(writes - 1).type() != Seen.Type.DELETED;
            if (stands == (operation.outcome() == Outcome.PRESENT)
                    && earliest[writes] <= operation.returnedNanos()
                    && operation.invokedNanos() <= latest[writes]) {
                return;
            }
        }
        fault(Fault.Rule.LINEAR, "at no moment was this the answer: " + operation);
    }

    private void fault(Fault.Rule rule, String text) {
        faults.add(new Fault(rule, text));
    }
}
