package dev.fairway.scenarios.race;

import dev.fairway.scenarios.race.Operation.Outcome;
import dev.fairway.scenarios.race.Operation.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Makes the history of a store without faults: each operation takes effect at a moment between its call and its
/// return.
final class HistoryMaker {

    private static final String SERVICE = "services/default/s";
    private static final List<Verb> VERBS = List.of(Verb.values());

    private final Random random;
    private final Map<String, Seen> standing = new TreeMap<>();
    private final List<Seen> events = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private long nanos = 1_000;
    private long revision = 10;

    private HistoryMaker(long seed) {
        this.random = new Random(seed);
    }

    static History make(long seed, int operations) {
        HistoryMaker maker = new HistoryMaker(seed);
        for (int i = 0; i < operations; i++) {
            maker.step();
        }
        return new History(List.of(), maker.streams(), maker.operations);
    }

    private List<WatchStream> streams() {
        List<WatchStream> out = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String collection = i < 3 ? Seen.SERVICES : Seen.ADDRESSES;
            long after = i == 2 ? 10 + (revision - 10) / 3 : 10;
            List<Seen> seen = events.stream()
                    .filter(event -> event.collection().equals(collection) && event.revision() > after)
                    .toList();
            out.add(new WatchStream("watch " + i, collection, after, revision, seen));
        }
        return out;
    }

    /// Calls and returns of neighbours overlap; the effects do not.
    private void step() {
        nanos += 100;
        String key = SERVICE + random.nextInt(6);
        boolean stands = standing.containsKey(key);
        Verb verb = VERBS.get(random.nextInt(VERBS.size()));
        Outcome outcome = verb == Verb.CREATE == stands ? stands ? Outcome.PRESENT : Outcome.ABSENT : Outcome.DONE;
        boolean reads = verb == Verb.READ && stands;
        long at = reads ? standing.get(key).revision() : 0;
        if (outcome == Outcome.DONE && verb != Verb.READ) {
            at = write(verb, key);
            outcome = random.nextInt(20) == 0 ? Outcome.UNKNOWN : Outcome.DONE;
        }
        long told = outcome == Outcome.DONE ? at : 0;
        operations.add(new Operation(
                random.nextInt(8), verb, key, nanos - random.nextInt(250), nanos + random.nextInt(250), outcome, told));
    }

    private long write(Verb verb, String key) {
        revision++;
        Seen before = standing.get(key);
        boolean keeps = verb == Verb.UPDATE && random.nextBoolean();
        String number = String.valueOf(revision);
        switch (verb) {
            case CREATE -> put(new Seen(Seen.Type.ADDED, key, key, revision, "u" + number, holds(number)), Set.of());
            case UPDATE -> {
                Set<String> holds = keeps ? before.holds() : holds(number);
                put(new Seen(Seen.Type.MODIFIED, key, key, revision, before.uid(), holds), before.holds());
            }
            case DELETE -> {
                standing.remove(key);
                events.add(new Seen(Seen.Type.DELETED, key, key, revision, before.uid(), before.holds()));
                before.holds().forEach(held -> address(Seen.Type.DELETED, held, key));
            }
            case READ -> {}
        }
        return revision;
    }

    private static Set<String> holds(String number) {
        return Set.of("ip/10.0.0." + number, "port/" + number);
    }

    private void put(Seen event, Set<String> before) {
        standing.put(event.key(), event);
        events.add(event);
        before.stream()
                .filter(held -> !event.holds().contains(held))
                .forEach(held -> address(Seen.Type.DELETED, held, event.key()));
        event.holds().stream()
                .filter(held -> !before.contains(held))
                .forEach(held -> address(Seen.Type.ADDED, held, event.key()));
    }

    private void address(Seen.Type type, String held, String owner) {
        if (held.startsWith("ip/")) {
            String key = Seen.ADDRESSES + "/" + held.substring("ip/".length());
            events.add(new Seen(type, key, owner, revision, "u-" + held, Set.of(held)));
        }
    }
}
