package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// The table of pods. The status cell is worked out as upstream's `printPod` does it.
final class PodPrinter implements Printer {

    @Override
    public List<Column> columns() {
        return List.of(
                TablePrinter.NAME,
                Column.of("Ready", "string", "Ready containers of all"),
                Column.of("Status", "string", "What it is doing"),
                Column.of("Restarts", "string", "How often containers were started again, and when last"),
                TablePrinter.AGE,
                Column.wide("IP", "string", "Its address"),
                Column.wide("Node", "string", "Where it runs"),
                Column.wide("Nominated Node", "string", "Where it may run after others made room"),
                Column.wide("Readiness Gates", "string", "Gates that are open of all"));
    }

    @Override
    public List<Object> cells(ObjectNode pod, Instant now) {
        PodSummary summary = PodSummary.of(pod);
        return List.of(
                Meta.name(pod),
                summary.ready() + "/" + summary.containers(),
                summary.status(),
                restarts(summary, now),
                TablePrinter.age(pod, now),
                TablePrinter.orNothing(ip(pod)),
                TablePrinter.orNothing(Tree.text(pod, "spec", "nodeName")),
                TablePrinter.orNothing(Tree.text(pod, "status", "nominatedNodeName")),
                gates(pod));
    }

    private static String restarts(PodSummary summary, Instant now) {
        String count = String.valueOf(summary.restarts());
        return summary.restarts() == 0 || summary.lastRestart().isEmpty()
                ? count
                : count + " (" + Age.since(summary.lastRestart(), now) + " ago)";
    }

    private static String ip(ObjectNode pod) {
        Optional<String> first = Tree.objects(pod, "status", "podIPs").stream()
                .map(entry -> Tree.text(entry, "ip"))
                .findFirst();
        return first.orElse(Tree.text(pod, "status", "podIP"));
    }

    private static String gates(ObjectNode pod) {
        List<String> gates = new ArrayList<>();
        Tree.objects(pod, "spec", "readinessGates").forEach(gate -> gates.add(Tree.text(gate, "conditionType")));
        if (gates.isEmpty()) {
            return TablePrinter.NOTHING;
        }
        Set<String> open = new HashSet<>();
        for (ObjectNode condition : Tree.objects(pod, "status", "conditions")) {
            if (Tree.text(condition, "status").equals("True")) {
                open.add(Tree.text(condition, "type"));
            }
        }
        return gates.stream().filter(open::contains).count() + "/" + gates.size();
    }
}
