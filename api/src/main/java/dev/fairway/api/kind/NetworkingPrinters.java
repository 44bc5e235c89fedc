package dev.fairway.api.kind;

import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The tables of `networking.k8s.io`.
final class NetworkingPrinters {

    private static final int HOSTS_SHOWN = 3;

    static final Printer SERVICE_CIDR = TablePrinter.ofText(
            "CIDRs", "The blocks of the range", object -> String.join(",", Tree.texts(object, "spec", "cidrs")));

    static final Printer IP_ADDRESS =
            TablePrinter.ofText("ParentRef", "Who uses the address", NetworkingPrinters::parent);

    static final Printer NETWORK_POLICY = TablePrinter.ofText(
            "Pod-Selector",
            "Which pods it is about",
            object -> TablePrinter.orNothing(selector(Tree.at(object, "spec", "podSelector"))));

    static final Printer INGRESS = new TablePrinter(
            List.of(
                    TablePrinter.NAME,
                    Column.of("Class", "string", "The IngressClass that it belongs to"),
                    Column.of("Hosts", "string", "The first hosts"),
                    Column.of("Address", "string", "Where it takes traffic"),
                    Column.of("Ports", "string", "The ports it opens"),
                    TablePrinter.AGE),
            NetworkingPrinters::ingress);

    static final Printer INGRESS_CLASS = new TablePrinter(
            List.of(
                    TablePrinter.NAME,
                    Column.of("Controller", "string", "Who serves the class"),
                    Column.of("Parameters", "string", "The object that holds its settings"),
                    TablePrinter.AGE),
            (object, now) -> List.of(
                    Meta.name(object),
                    Tree.text(object, "spec", "controller"),
                    parameters(Tree.at(object, "spec", "parameters")),
                    TablePrinter.age(object, now)));

    private NetworkingPrinters() {}

    private static String selector(JsonNode selector) {
        return selector.isMissingNode() ? "" : LabelSelector.ofObject(selector).toText();
    }

    /// `services/default/web`.
    private static String parent(ObjectNode address) {
        JsonNode parent = Tree.at(address, "spec", "parentRef");
        if (parent.isMissingNode()) {
            return TablePrinter.NOTHING;
        }
        String group = Tree.text(parent, "group");
        String namespace = Tree.text(parent, "namespace");
        return Tree.text(parent, "resource").toLowerCase(java.util.Locale.ROOT)
                + (group.isEmpty() ? "" : "." + group.toLowerCase(java.util.Locale.ROOT))
                + (namespace.isEmpty() ? "" : "/" + namespace)
                + "/" + Tree.text(parent, "name");
    }

    private static List<Object> ingress(ObjectNode ingress, Instant now) {
        JsonNode name = Tree.at(ingress, "spec", "ingressClassName");
        return List.of(
                Meta.name(ingress),
                name.isString() ? name.stringValue() : TablePrinter.NOTHING,
                hosts(Tree.objects(ingress, "spec", "rules")),
                address(ingress),
                Tree.objects(ingress, "spec", "tls").isEmpty() ? "80" : "80, 443",
                TablePrinter.age(ingress, now));
    }

    /// The number of those left out counts rules without a host too, as upstream's does.
    private static String hosts(List<ObjectNode> rules) {
        List<String> hosts = rules.stream()
                .map(rule -> Tree.text(rule, "host"))
                .filter(host -> !host.isEmpty())
                .toList();
        if (hosts.isEmpty()) {
            return "*";
        }
        String first = hosts.stream().limit(HOSTS_SHOWN).collect(Collectors.joining(","));
        boolean more = hosts.size() >= HOSTS_SHOWN && rules.indexOf(lastShown(rules)) < rules.size() - 1;
        return more ? first + " + " + (rules.size() - HOSTS_SHOWN) + " more..." : first;
    }

    private static ObjectNode lastShown(List<ObjectNode> rules) {
        return rules.stream()
                .filter(rule -> !Tree.text(rule, "host").isEmpty())
                .skip(HOSTS_SHOWN - 1L)
                .findFirst()
                .orElseThrow();
    }

    private static String address(ObjectNode ingress) {
        return Tree.objects(ingress, "status", "loadBalancer", "ingress").stream()
                .map(point -> Tree.text(point, "ip").isEmpty() ? Tree.text(point, "hostname") : Tree.text(point, "ip"))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.collectingAndThen(
                        Collectors.toCollection(TreeSet::new), all -> String.join(",", all)));
    }

    /// `Kind.group/name`.
    private static String parameters(JsonNode parameters) {
        if (parameters.isMissingNode()) {
            return TablePrinter.NOTHING;
        }
        String group = Tree.text(parameters, "apiGroup");
        return Tree.text(parameters, "kind")
                + (group.isEmpty() ? "" : "." + group)
                + "/" + Tree.text(parameters, "name");
    }
}
