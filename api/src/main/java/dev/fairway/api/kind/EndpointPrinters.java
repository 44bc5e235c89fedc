package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The tables of EndpointSlices and Endpoints.
final class EndpointPrinters {

    static final Printer SLICE = new TablePrinter(
            List.of(
                    TablePrinter.NAME,
                    Column.of("AddressType", "string", "IPv4, IPv6 or FQDN"),
                    Column.of("Ports", "string", "The first ports"),
                    Column.of("Endpoints", "string", "The first addresses"),
                    TablePrinter.AGE),
            EndpointPrinters::slice);

    static final Printer ENDPOINTS = new TablePrinter(
            List.of(TablePrinter.NAME, Column.of("Endpoints", "string", "The first ready addresses"), TablePrinter.AGE),
            (object, now) -> List.of(Meta.name(object), subsets(object), TablePrinter.age(object, now)));

    private EndpointPrinters() {}

    private static List<Object> slice(ObjectNode slice, Instant now) {
        List<String> ports = new ArrayList<>();
        for (ObjectNode port : Tree.objects(slice, "ports")) {
            String name = Tree.text(port, "name");
            ports.add(
                    Tree.has(port, "port")
                            ? String.valueOf(Tree.number(port, 0, "port"))
                            : name.isEmpty() ? "*" : name);
        }
        List<String> addresses = new ArrayList<>();
        Tree.objects(slice, "endpoints").forEach(endpoint -> addresses.addAll(Tree.texts(endpoint, "addresses")));
        return List.of(
                Meta.name(slice),
                Tree.text(slice, "addressType"),
                TablePrinter.few(ports, "<unset>"),
                TablePrinter.few(addresses, "<unset>"),
                TablePrinter.age(slice, now));
    }

    private static String subsets(ObjectNode endpoints) {
        List<ObjectNode> subsets = Tree.objects(endpoints, "subsets");
        List<String> shown = new ArrayList<>();
        for (ObjectNode subset : subsets) {
            List<ObjectNode> ports = Tree.objects(subset, "ports");
            for (ObjectNode address : Tree.objects(subset, "addresses")) {
                String ip = Tree.text(address, "ip");
                if (ports.isEmpty()) {
                    shown.add(ip);
                }
                String host = ip.contains(":") ? "[" + ip + "]" : ip;
                ports.forEach(port -> shown.add(host + ":" + Tree.number(port, 0, "port")));
            }
        }
        return TablePrinter.few(shown, subsets.isEmpty() ? TablePrinter.NOTHING : "");
    }
}
