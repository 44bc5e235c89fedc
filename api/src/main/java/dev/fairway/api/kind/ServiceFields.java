package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.Tree;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a Service's fields mean; one place for the questions that its rules ask again and again.
final class ServiceFields {

    static final String NONE = "None";

    private ServiceFields() {}

    static String type(ObjectNode service) {
        return Tree.text(service, "spec", "type");
    }

    static boolean isExternalName(ObjectNode service) {
        return type(service).equals("ExternalName");
    }

    static boolean isLoadBalancer(ObjectNode service) {
        return type(service).equals("LoadBalancer");
    }

    /// Every type but ExternalName has addresses, or says that it has none.
    static boolean needsClusterIp(ObjectNode service) {
        return !isExternalName(service);
    }

    static boolean isHeadless(ObjectNode service) {
        List<String> addresses = clusterIps(service);
        return addresses.size() == 1 && addresses.getFirst().equals(NONE);
    }

    static boolean hasSelector(ObjectNode service) {
        return !Tree.at(service, "spec", "selector").isEmpty();
    }

    static List<String> clusterIps(ObjectNode service) {
        return Tree.texts(service, "spec", "clusterIPs");
    }

    static List<String> families(ObjectNode service) {
        return Tree.texts(service, "spec", "ipFamilies");
    }

    static String familyPolicy(ObjectNode service) {
        return Tree.text(service, "spec", "ipFamilyPolicy");
    }

    static List<ObjectNode> ports(ObjectNode service) {
        return Tree.objects(service, "spec", "ports");
    }

    static long nodePort(JsonNode port) {
        return Tree.number(port, 0, "nodePort");
    }

    static String protocol(JsonNode port) {
        return Tree.text(port, "protocol");
    }

    static long healthPort(ObjectNode service) {
        return Tree.number(service, 0, "spec", "healthCheckNodePort");
    }

    /// Its ports get node ports without asking.
    static boolean needsNodePorts(ObjectNode service) {
        return switch (type(service)) {
            case "NodePort" -> true;
            case "LoadBalancer" ->
                !Tree.has(service, "spec", "allocateLoadBalancerNodePorts")
                        || Tree.flag(service, "spec", "allocateLoadBalancerNodePorts");
            default -> false;
        };
    }

    static boolean mayHaveNodePorts(ObjectNode service) {
        return type(service).equals("NodePort") || isLoadBalancer(service);
    }

    static boolean needsHealthPort(ObjectNode service) {
        return isLoadBalancer(service)
                && Tree.text(service, "spec", "externalTrafficPolicy").equals("Local");
    }

    static boolean isExternallyReachable(ObjectNode service) {
        boolean byAddress = type(service).equals("ClusterIP")
                && !Tree.texts(service, "spec", "externalIPs").isEmpty();
        return mayHaveNodePorts(service) || byAddress;
    }

    /// Both have the same value under the `spec` field, absent counting as a value.
    static boolean same(ObjectNode old, ObjectNode now, String field) {
        return Tree.at(old, "spec", field).equals(Tree.at(now, "spec", field));
    }

    static ObjectNode spec(ObjectNode service) {
        return Tree.makeObject(service, "spec");
    }

    /// Sets a list of texts in the spec; an empty list takes the field away.
    static void put(ObjectNode service, String field, List<String> values) {
        if (values.isEmpty()) {
            spec(service).remove(field);
            return;
        }
        ArrayNode list = spec(service).putArray(field);
        values.forEach(list::add);
    }

    static Set<Long> heldNodePorts(ObjectNode service) {
        Set<Long> numbers = new LinkedHashSet<>();
        if (mayHaveNodePorts(service)) {
            ports(service).forEach(port -> numbers.add(nodePort(port)));
            numbers.remove(0L);
        }
        return numbers;
    }

    /// The store keys that make its addresses and ports its own.
    static Set<String> claimedKeys(ObjectNode service) {
        Set<String> keys = new LinkedHashSet<>();
        if (isExternalName(service)) {
            return keys;
        }
        for (String text : clusterIps(service)) {
            IpAddress.tryParse(text).map(Claims::key).ifPresent(keys::add);
        }
        heldNodePorts(service).forEach(number -> keys.add(Claims.key(number)));
        if (needsHealthPort(service) && healthPort(service) != 0) {
            keys.add(Claims.key(healthPort(service)));
        }
        return keys;
    }
}
