package dev.fairway.api.kind;

import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The tables of the kinds that own pods. All end with the same wide columns.
final class WorkloadPrinters {

    private static final List<Column> WIDE = List.of(
            Column.wide("Containers", "string", "Names of the containers"),
            Column.wide("Images", "string", "Images of the containers"),
            Column.wide("Selector", "string", "Which pods belong to it"));

    private static final List<Column> COUNTS = List.of(
            Column.of("Desired", "integer", "How many pods are wanted"),
            Column.of("Current", "integer", "How many pods there are"),
            Column.of("Ready", "integer", "How many pods are ready"));

    static final Printer REPLICA_SET = printer(COUNTS, WorkloadPrinters::counts);

    static final Printer REPLICATION_CONTROLLER = REPLICA_SET;

    static final Printer DEPLOYMENT = printer(
            List.of(
                    Column.of("Ready", "string", "Ready pods of those wanted"),
                    Column.of("Up-to-date", "integer", "How many pods have the newest template"),
                    Column.of("Available", "integer", "How many pods have been ready long enough")),
            object -> List.of(
                    status(object, "readyReplicas") + "/" + Tree.number(object, 0, "spec", "replicas"),
                    status(object, "updatedReplicas"),
                    status(object, "availableReplicas")));

    static final Printer DAEMON_SET = printer(
            List.of(
                    Column.of("Desired", "integer", "How many nodes should run a pod"),
                    Column.of("Current", "integer", "How many nodes that should run a pod do"),
                    Column.of("Ready", "integer", "How many pods are ready"),
                    Column.of("Up-to-date", "integer", "How many pods have the newest template"),
                    Column.of("Available", "integer", "How many pods have been ready long enough"),
                    Column.of("Node Selector", "string", "Labels that a node needs to run a pod")),
            object -> List.of(
                    status(object, "desiredNumberScheduled"),
                    status(object, "currentNumberScheduled"),
                    status(object, "numberReady"),
                    status(object, "updatedNumberScheduled"),
                    status(object, "numberAvailable"),
                    TablePrinter.labels(Tree.textMap(object, "spec", "template", "spec", "nodeSelector"))));

    private WorkloadPrinters() {}

    private interface Middle {
        List<Object> of(ObjectNode object);
    }

    private static Printer printer(List<Column> middle, Middle cells) {
        List<Column> columns = Stream.of(List.of(TablePrinter.NAME), middle, List.of(TablePrinter.AGE), WIDE)
                .flatMap(List::stream)
                .toList();
        return new TablePrinter(
                columns,
                (object, now) -> Stream.of(
                                List.<Object>of(Meta.name(object)),
                                cells.of(object),
                                List.<Object>of(
                                        TablePrinter.age(object, now),
                                        containers(object, "name"),
                                        containers(object, "image"),
                                        selector(object)))
                        .flatMap(List::stream)
                        .toList());
    }

    private static List<Object> counts(ObjectNode object) {
        return List.of(
                Tree.number(object, 0, "spec", "replicas"),
                status(object, "replicas"),
                status(object, "readyReplicas"));
    }

    private static long status(ObjectNode object, String field) {
        return Tree.number(object, 0, "status", field);
    }

    private static String containers(ObjectNode object, String field) {
        return Tree.objects(object, "spec", "template", "spec", "containers").stream()
                .map(container -> Tree.text(container, field))
                .collect(Collectors.joining(","));
    }

    /// A LabelSelector, or the plain map of a ReplicationController.
    private static String selector(ObjectNode object) {
        JsonNode selector = Tree.at(object, "spec", "selector");
        boolean plain = selector.properties().stream()
                .allMatch(entry -> entry.getValue().isString());
        return plain
                ? TablePrinter.labels(Tree.textMap(selector))
                : TablePrinter.orNothing(LabelSelector.ofObject(selector).toText());
    }
}
