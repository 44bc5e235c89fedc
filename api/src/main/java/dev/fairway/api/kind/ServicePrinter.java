package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// The table of Services.
final class ServicePrinter implements Printer {

    @Override
    public List<Column> columns() {
        return List.of(
                TablePrinter.NAME,
                Column.of("Type", "string", "How it is exposed"),
                Column.of("Cluster-IP", "string", "Its address within the cluster"),
                Column.of("External-IP", "string", "Its addresses outside the cluster"),
                Column.of("Port(s)", "string", "Its ports, with node ports after the colon"),
                TablePrinter.AGE,
                Column.wide("Selector", "string", "Which pods serve it"));
    }

    @Override
    public List<Object> cells(ObjectNode service, Instant now) {
        List<String> addresses = ServiceFields.clusterIps(service);
        return List.of(
                Meta.name(service),
                ServiceFields.type(service),
                addresses.isEmpty() ? TablePrinter.NOTHING : addresses.getFirst(),
                external(service),
                ports(service),
                TablePrinter.age(service, now),
                TablePrinter.labels(Tree.textMap(service, "spec", "selector")));
    }

    private static String external(ObjectNode service) {
        List<String> declared = Tree.texts(service, "spec", "externalIPs");
        return switch (ServiceFields.type(service)) {
            case "ClusterIP", "NodePort" -> TablePrinter.orNothing(String.join(",", declared));
            case "LoadBalancer" -> {
                Set<String> ingress = new TreeSet<>();
                for (ObjectNode each : Tree.objects(service, "status", "loadBalancer", "ingress")) {
                    String ip = Tree.text(each, "ip");
                    ingress.add(ip.isEmpty() ? Tree.text(each, "hostname") : ip);
                }
                ingress.remove("");
                List<String> all = new ArrayList<>(ingress);
                all.addAll(declared);
                yield all.isEmpty() ? "<pending>" : String.join(",", all);
            }
            case "ExternalName" -> Tree.text(service, "spec", "externalName");
            default -> "<unknown>";
        };
    }

    private static String ports(ObjectNode service) {
        return TablePrinter.orNothing(
                ServiceFields.ports(service).stream().map(ServicePrinter::port).collect(Collectors.joining(",")));
    }

    private static String port(ObjectNode port) {
        long nodePort = ServiceFields.nodePort(port);
        return Tree.number(port, 0, "port")
                + (nodePort == 0 ? "" : ":" + nodePort)
                + "/" + ServiceFields.protocol(port);
    }
}
