package dev.fairway.resolve;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.schema.Tree;
import dev.fairway.table.Frontend;
import dev.fairway.table.Protocol;
import dev.fairway.table.TrafficPolicy;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a Service's own addresses and ports: everything a client may connect to.
record ServicePorts(ObjectNode service) {

    /// As written in `protocol:` fields; absent means TCP.
    static Optional<Protocol> protocol(String text) {
        return switch (text) {
            case "", "TCP" -> Optional.of(Protocol.TCP);
            case "UDP" -> Optional.of(Protocol.UDP);
            case "SCTP" -> Optional.of(Protocol.SCTP);
            default -> Optional.empty();
        };
    }

    List<ObjectNode> ports() {
        return Tree.objects(service, "spec", "ports");
    }

    boolean isHeadless() {
        return Tree.text(service, "spec", "clusterIP").equals("None");
    }

    List<IpAddress> clusterIps() {
        List<String> texts = Tree.texts(service, "spec", "clusterIPs");
        return addresses(texts.isEmpty() ? List.of(Tree.text(service, "spec", "clusterIP")) : texts);
    }

    /// Where clients reach the port, in a fixed order: cluster IPs, node ports, load balancer, external IPs. Addresses
    /// of a family that the Service does not have are left out, because no endpoint could answer there.
    List<Frontend> frontends(JsonNode port) {
        int number = (int) Tree.number(port, 0, "port");
        Set<IpFamily> families = families();
        List<Frontend> out = new ArrayList<>();
        clusterIps().forEach(ip -> out.add(new Frontend.ClusterIp(ip, number)));
        nodePort(port)
                .ifPresent(nodePort -> families.forEach(family -> out.add(new Frontend.NodePort(family, nodePort))));
        loadBalancerIps().stream()
                .filter(ip -> families.contains(ip.family()))
                .forEach(ip -> out.add(new Frontend.LoadBalancer(ip, number)));
        addresses(Tree.texts(service, "spec", "externalIPs")).stream()
                .filter(ip -> families.contains(ip.family()))
                .forEach(ip -> out.add(new Frontend.ExternalIp(ip, number)));
        return out.stream().distinct().toList();
    }

    Set<IpFamily> families() {
        Set<IpFamily> out = new TreeSet<>();
        clusterIps().forEach(ip -> out.add(ip.family()));
        return out;
    }

    /// Who may reach what. The health check port counts only where load balancers need it.
    TrafficPolicy traffic() {
        Scope external = scope("externalTrafficPolicy");
        boolean balanced = Tree.text(service, "spec", "type").equals("LoadBalancer");
        List<Cidr> ranges = !balanced
                ? List.of()
                : Tree.texts(service, "spec", "loadBalancerSourceRanges").stream()
                        .flatMap(text -> Cidr.lenient(text.strip()).stream())
                        .toList();
        int healthPort =
                balanced && external == Scope.LOCAL ? (int) Tree.number(service, 0, "spec", "healthCheckNodePort") : 0;
        return new TrafficPolicy(scope("internalTrafficPolicy"), external, ranges, healthPort);
    }

    private Scope scope(String field) {
        return Tree.text(service, "spec", field).equals("Local") ? Scope.LOCAL : Scope.CLUSTER;
    }

    private Optional<Integer> nodePort(JsonNode port) {
        boolean open = switch (Tree.text(service, "spec", "type")) {
            case "NodePort", "LoadBalancer" -> true;
            default -> false;
        };
        int number = (int) Tree.number(port, 0, "nodePort");
        return open && number > 0 ? Optional.of(number) : Optional.empty();
    }

    /// Addresses with `ipMode: Proxy` belong to the balancer alone and are not short-circuited.
    private List<IpAddress> loadBalancerIps() {
        if (!Tree.text(service, "spec", "type").equals("LoadBalancer")) {
            return List.of();
        }
        return addresses(Tree.objects(service, "status", "loadBalancer", "ingress").stream()
                .filter(ingress -> !Tree.text(ingress, "ipMode").equals("Proxy"))
                .map(ingress -> Tree.text(ingress, "ip"))
                .toList());
    }

    private static List<IpAddress> addresses(List<String> texts) {
        return texts.stream()
                .flatMap(text -> IpAddress.tryParse(text).stream())
                .distinct()
                .toList();
    }
}
