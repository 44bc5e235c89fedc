package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// The tables of the kinds whose rows need few words; Services, pods and endpoints have files of their own.
final class Printers {

    static final Printer NAMESPACE =
            TablePrinter.ofText("Status", "Active or Terminating", object -> Tree.text(object, "status", "phase"));
    static final Printer LEASE =
            TablePrinter.ofText("Holder", "Who holds the lease", object -> Tree.text(object, "spec", "holderIdentity"));
    static final Printer CONFIG_MAP =
            TablePrinter.ofText("Data", "How many entries it has", object -> dataCount(object));
    static final Printer SERVICE_ACCOUNT = TablePrinter.ofText(
            "Secrets",
            "How many secrets it names",
            object -> Tree.at(object, "secrets").size());

    static final Printer SECRET = new TablePrinter(
            List.of(
                    TablePrinter.NAME,
                    Column.of("Type", "string", "What the entries mean"),
                    Column.of("Data", "integer", "How many entries it has"),
                    TablePrinter.AGE),
            (object, now) -> List.of(
                    Meta.name(object), Tree.text(object, "type"), dataCount(object), TablePrinter.age(object, now)));

    static final Printer NODE = new TablePrinter(
            List.of(
                    TablePrinter.NAME,
                    Column.of("Status", "string", "Whether it is ready, and whether it takes pods"),
                    Column.of("Roles", "string", "From its node-role labels"),
                    TablePrinter.AGE,
                    Column.of("Version", "string", "Of its agent"),
                    Column.wide("Internal-IP", "string", "Its address in the cluster"),
                    Column.wide("External-IP", "string", "Its address outside"),
                    Column.wide("OS-Image", "string", "Its operating system"),
                    Column.wide("Kernel-Version", "string", "Its kernel"),
                    Column.wide("Container-Runtime", "string", "What runs its pods")),
            Printers::node);

    static final Printer EVENT = new TablePrinter(
            List.of(
                    Column.of("Last Seen", "string", "How long ago it happened last"),
                    Column.of("Type", "string", "Normal or Warning"),
                    Column.of("Reason", "string", "What happened, in one word"),
                    Column.of("Object", "string", "What it happened to"),
                    Column.wide("Subobject", "string", "Which part of it"),
                    Column.wide("Source", "string", "Who says so"),
                    Column.of("Message", "string", "What happened"),
                    Column.wide("First Seen", "string", "How long ago it happened first"),
                    Column.wide("Count", "string", "How often it happened"),
                    new Column("Name", "string", "name", "The name of the event", 1)),
            Printers::event);

    private Printers() {}

    private static long dataCount(ObjectNode object) {
        return (long) Tree.at(object, "data").size()
                + Tree.at(object, "binaryData").size();
    }

    private static List<Object> node(ObjectNode node, Instant now) {
        return List.of(
                Meta.name(node),
                nodeStatus(node),
                roles(node),
                TablePrinter.age(node, now),
                Tree.text(node, "status", "nodeInfo", "kubeletVersion"),
                address(node, "InternalIP"),
                address(node, "ExternalIP"),
                orUnknown(Tree.text(node, "status", "nodeInfo", "osImage")),
                orUnknown(Tree.text(node, "status", "nodeInfo", "kernelVersion")),
                orUnknown(Tree.text(node, "status", "nodeInfo", "containerRuntimeVersion")));
    }

    private static String nodeStatus(ObjectNode node) {
        String ready = Tree.objects(node, "status", "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals("Ready"))
                .findFirst()
                .map(condition -> Tree.text(condition, "status").equals("True") ? "Ready" : "NotReady")
                .orElse("Unknown");
        return Tree.flag(node, "spec", "unschedulable") ? ready + ",SchedulingDisabled" : ready;
    }

    private static String roles(ObjectNode node) {
        Set<String> roles = new TreeSet<>();
        Meta.labels(node).forEach((key, value) -> {
            if (key.startsWith("node-role.kubernetes.io/")) {
                roles.add(key.substring("node-role.kubernetes.io/".length()));
            } else if (key.equals("kubernetes.io/role")) {
                roles.add(value);
            }
        });
        roles.remove("");
        return TablePrinter.orNothing(String.join(",", roles));
    }

    private static String address(ObjectNode node, String type) {
        return Tree.objects(node, "status", "addresses").stream()
                .filter(address -> Tree.text(address, "type").equals(type))
                .map(address -> Tree.text(address, "address"))
                .findFirst()
                .orElse(TablePrinter.NOTHING);
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? "<unknown>" : text;
    }

    private static List<Object> event(ObjectNode event, Instant now) {
        String seriesTime = Tree.text(event, "series", "lastObservedTime");
        String first = either(Tree.text(event, "firstTimestamp"), Tree.text(event, "eventTime"));
        String last = either(seriesTime, either(Tree.text(event, "lastTimestamp"), first));
        long count = Math.max(1, Tree.number(event, Tree.number(event, 0, "count"), "series", "count"));
        String kind = Tree.text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT);
        String name = Tree.text(event, "involvedObject", "name");
        return List.of(
                Age.since(last, now),
                Tree.text(event, "type"),
                Tree.text(event, "reason"),
                name.isEmpty() ? kind : kind + "/" + name,
                Tree.text(event, "involvedObject", "fieldPath"),
                source(event),
                Tree.text(event, "message").strip(),
                Age.since(first, now),
                String.valueOf(count),
                Meta.name(event));
    }

    private static String either(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    private static String source(ObjectNode event) {
        String component = either(Tree.text(event, "source", "component"), Tree.text(event, "reportingComponent"));
        String host = either(Tree.text(event, "source", "host"), Tree.text(event, "reportingInstance"));
        return host.isEmpty() || component.isEmpty() ? component : component + ", " + host;
    }
}
