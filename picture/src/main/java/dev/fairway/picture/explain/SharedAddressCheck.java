package dev.fairway.picture.explain;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Load balancer addresses that two Services have, with one port: a connection gets to one of them.
final class SharedAddressCheck {

    /// Addresses and ports with those who have them.
    private final Map<Frontend, Set<ObjectKey>> owners = new HashMap<>();

    private record Frontend(String address, String protocol, long port) {

        @Override
        public String toString() {
            return address + ", " + protocol + " port " + port;
        }
    }

    SharedAddressCheck(Collection<ObjectNode> services) {
        for (ObjectNode service : services) {
            frontends(service)
                    .forEach(frontend -> owners.computeIfAbsent(frontend, _ -> new TreeSet<>())
                            .add(Meta.key(service)));
        }
    }

    private static List<Frontend> frontends(ObjectNode service) {
        List<Frontend> out = new ArrayList<>();
        if (Tree.text(service, "spec", "type").equals("LoadBalancer")) {
            for (ObjectNode entry : Tree.objects(service, "status", "loadBalancer", "ingress")) {
                String address = Tree.text(entry, "ip");
                for (ObjectNode port : Tree.objects(service, "spec", "ports")) {
                    String protocol = Tree.text(port, "protocol");
                    out.add(new Frontend(address, protocol.isEmpty() ? "TCP" : protocol, Tree.number(port, 0, "port")));
                }
            }
        }
        out.removeIf(frontend -> frontend.address().isEmpty());
        return out;
    }

    Optional<Finding> finding(ObjectKey key, ObjectNode service) {
        return frontends(service).stream()
                .filter(frontend -> others(key, frontend).findFirst().isPresent())
                .findFirst()
                .map(frontend -> finding(key, frontend));
    }

    private Stream<ObjectKey> others(ObjectKey key, Frontend frontend) {
        return owners.getOrDefault(frontend, Set.of()).stream().filter(other -> !other.equals(key));
    }

    private Finding finding(ObjectKey key, Frontend frontend) {
        ObjectKey other = others(key, frontend).findFirst().orElseThrow();
        return new Finding(
                Code.BALANCER_ADDRESS_TAKEN,
                key,
                "its load balancer's address " + frontend + " is also that of Service " + other
                        + ": connections get to one of the two",
                List.of("status.loadBalancer.ingress of both: " + frontend.address()),
                "kubectl get service " + other.name() + " -n " + other.namespace());
    }
}
