package dev.fairway.control.loadbalancer;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.control.loadbalancer.LoadBalancerProvider.BalancedNode;
import dev.fairway.control.loadbalancer.LoadBalancerProvider.BalancedPort;
import dev.fairway.control.loadbalancer.LoadBalancerProvider.Request;
import dev.fairway.control.object.Conditions;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns a Service and the nodes into a request to the provider.
final class BalancerRequests {

    private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

    private BalancerRequests() {}

    static Request of(JsonNode service, Collection<ObjectNode> nodes) {
        return new Request(
                Meta.namespace(service),
                Meta.name(service),
                Meta.uid(service),
                Tree.objects(service, "spec", "ports").stream()
                        .map(BalancerRequests::port)
                        .toList(),
                families(service),
                wantedAddresses(service),
                nodes.stream()
                        .filter(BalancerRequests::takesPart)
                        .map(BalancerRequests::node)
                        .toList(),
                sourceRanges(service),
                healthCheckNodePort(service));
    }

    /// Read as nodes read it; what is no block was refused when it was written.
    private static List<Cidr> sourceRanges(JsonNode service) {
        return Tree.texts(service, "spec", "loadBalancerSourceRanges").stream()
                .flatMap(text -> Cidr.lenient(text.strip()).stream())
                .toList();
    }

    private static int healthCheckNodePort(JsonNode service) {
        return Tree.text(service, "spec", "externalTrafficPolicy").equals("Local")
                ? (int) Tree.number(service, 0, "spec", "healthCheckNodePort")
                : 0;
    }

    /// The addresses that the status shows now.
    static List<IpAddress> assigned(JsonNode service) {
        return Tree.objects(service, "status", "loadBalancer", "ingress").stream()
                .flatMap(ingress -> IpAddress.tryParse(Tree.text(ingress, "ip")).stream())
                .toList();
    }

    static boolean takesPart(JsonNode node) {
        return !Meta.labels(node).containsKey(EXCLUDED) && !Meta.isBeingDeleted(node);
    }

    static BalancedNode node(JsonNode node) {
        List<IpAddress> outside = addresses(node, "ExternalIP");
        return new BalancedNode(
                Meta.name(node),
                outside.isEmpty() ? addresses(node, "InternalIP") : outside,
                Conditions.isTrue(node, "Ready"));
    }

    private static List<IpAddress> addresses(JsonNode node, String type) {
        return Tree.objects(node, "status", "addresses").stream()
                .filter(address -> Tree.text(address, "type").equals(type))
                .flatMap(address -> IpAddress.tryParse(Tree.text(address, "address")).stream())
                .toList();
    }

    private static BalancedPort port(JsonNode port) {
        String protocol = Tree.text(port, "protocol");
        return new BalancedPort(
                Tree.text(port, "name"),
                protocol.isEmpty() ? "TCP" : protocol,
                (int) Tree.number(port, 0, "port"),
                (int) Tree.number(port, 0, "nodePort"));
    }

    private static List<IpFamily> families(JsonNode service) {
        List<IpFamily> out = new ArrayList<>();
        Tree.texts(service, "spec", "ipFamilies")
                .forEach(name -> out.add(name.equals(IpFamily.IPV6.apiName()) ? IpFamily.IPV6 : IpFamily.IPV4));
        return out.isEmpty() ? List.of(IpFamily.IPV4) : out;
    }

    private static List<IpAddress> wantedAddresses(JsonNode service) {
        Stream<IpAddress> asked = IpAddress.tryParse(Tree.text(service, "spec", "loadBalancerIP")).stream();
        return Stream.concat(assigned(service).stream(), asked).distinct().toList();
    }
}
