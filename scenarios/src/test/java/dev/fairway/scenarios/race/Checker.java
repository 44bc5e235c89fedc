package dev.fairway.scenarios.race;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges a history by what clients and watchers saw, and by nothing that the product says of itself.
final class Checker {

    private final History history;
    private final Timeline timeline;
    private final List<Fault> faults = new ArrayList<>();

    private Checker(History history) {
        this.history = history;
        this.timeline = Timeline.of(history);
    }

    /// All broken promises; empty when there are none.
    static List<Fault> check(History history) {
        Checker checker = new Checker(history);
        history.streams().forEach(checker::order);
        List<Seen> all = checker.timeline.events();
        history.streams().forEach(stream -> checker.complete(stream, all));
        checker.lives();
        checker.faults.addAll(Holdings.check(history, checker.timeline));
        checker.faults.addAll(KeyOrder.check(history, checker.timeline));
        return List.copyOf(checker.faults);
    }

    private void order(WatchStream stream) {
        Set<String> shown = new HashSet<>();
        long newest = stream.after();
        for (Seen event : stream.events()) {
            if (!shown.add(event.revision() + " " + event.key())) {
                fault(Fault.Rule.ONCE, stream.name() + " shows twice: " + event);
            } else if (event.revision() < newest || event.revision() <= stream.after()) {
                fault(Fault.Rule.ORDER, stream.name() + " goes back from " + newest + " to " + event);
            }
            newest = Math.max(newest, event.revision());
        }
    }

    private void complete(WatchStream stream, List<Seen> all) {
        Map<String, Seen> shown = new HashMap<>();
        stream.events().forEach(event -> shown.put(event.revision() + " " + event.key(), event));
        for (Seen event : all) {
            Seen own = shown.get(event.revision() + " " + event.key());
            if (!stream.covers(event)) {
                continue;
            }
            if (own == null) {
                fault(Fault.Rule.COMPLETE, stream.name() + " lacks " + event);
            } else if (!own.equals(event)) {
                fault(Fault.Rule.COMPLETE, stream.name() + " shows " + own + " where others show " + event);
            }
        }
    }

    private void lives() {
        Map<String, String> uids = new HashMap<>();
        history.initial().forEach(event -> uids.put(event.key(), event.uid()));
        for (Seen event : timeline.events()) {
            String before = uids.getOrDefault(event.key(), "");
            String expected = event.type() == Seen.Type.ADDED ? "" : event.uid();
            if (!before.equals(expected)) {
                fault(Fault.Rule.LIFE, event + " of an object whose uid was '" + before + "'");
            }
            uids.put(event.key(), event.type() == Seen.Type.DELETED ? "" : event.uid());
        }
    }

    private void fault(Fault.Rule rule, String text) {
        faults.add(new Fault(rule, text));
    }
}
