package dev.fairway.picture.explain;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Which Service a host means, for somebody in a namespace.
final class Names {

    private final Map<ObjectKey, ObjectNode> services;
    private final Map<IpAddress, ObjectKey> addresses = new HashMap<>();

    Names(Map<ObjectKey, ObjectNode> services) {
        this.services = services;
        services.forEach((key, service) -> addresses(service).forEach(address -> addresses.put(address, key)));
    }

    /// The addresses at which a Service answers, in all clusters.
    static Set<IpAddress> addresses(ObjectNode service) {
        Set<IpAddress> out = new TreeSet<>();
        Stream.of(
                        Tree.texts(service, "spec", "clusterIPs"),
                        Tree.texts(service, "spec", "externalIPs"),
                        List.of(Tree.text(service, "spec", "clusterIP")),
                        Tree.objects(service, "status", "loadBalancer", "ingress").stream()
                                .map(entry -> Tree.text(entry, "ip"))
                                .toList())
                .flatMap(List::stream)
                .flatMap(text -> IpAddress.tryParse(text).stream())
                .forEach(out::add);
        return out;
    }

    /// By name as its DNS searches: `web`, `web.shop`, `web.shop.svc`, `web.shop.svc.DOMAIN`; or by address.
    Optional<ObjectKey> service(String host, String namespace) {
        Optional<IpAddress> address = IpAddress.tryParse(host);
        if (address.isPresent()) {
            return Optional.ofNullable(addresses.get(address.get()));
        }
        String[] labels = host.split("\\.");
        if (labels.length == 0 || labels.length > 2 && !labels[2].equals("svc")) {
            return Optional.empty();
        }
        ObjectKey key = new ObjectKey(labels.length == 1 ? namespace : labels[1], labels[0]);
        return services.containsKey(key) ? Optional.of(key) : Optional.empty();
    }
}
