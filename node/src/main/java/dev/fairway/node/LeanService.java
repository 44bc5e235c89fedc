package dev.fairway.node;

import dev.fairway.schema.LeanJson;
import dev.fairway.schema.Programmed;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a node reads of a Service, a third of the whole. Fields that say what is meant without them, too, are left out.
/// Only for who has the objects for itself: several nodes in one process share them whole.
final class LeanService {

    private static final Set<String> OF_METADATA =
            Set.of("namespace", "name", "uid", "resourceVersion", "deletionTimestamp", "creationTimestamp");
    private static final Set<String> UNREAD_IN_SPEC =
            Set.of("selector", "ipFamilies", "ipFamilyPolicy", "allocateLoadBalancerNodePorts");
    private static final Set<String> OF_PORT = Set.of("name", "protocol", "port", "targetPort", "nodePort");
    private static final String PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name";
    private static final String OUR_ANNOTATIONS = "fairway.dev/";

    private LeanService() {}

    static ObjectNode of(ObjectNode service) {
        boolean external = Tree.text(service, "spec", "type").equals("ExternalName");
        ObjectNode out = LeanJson.object();
        ObjectNode metadata = part(
                Tree.at(service, "metadata"),
                (name, _) -> OF_METADATA.contains(name) && (external || !name.equals("creationTimestamp")));
        put(
                metadata,
                "labels",
                part(Tree.at(service, "metadata", "labels"), (name, _) -> name.equals(PROXY_NAME_LABEL)));
        put(
                metadata,
                "annotations",
                part(Tree.at(service, "metadata", "annotations"), (name, _) -> name.startsWith(OUR_ANNOTATIONS)));
        put(out, "metadata", metadata);
        put(out, "spec", spec(service, external));
        put(out, "status", status(service));
        return out;
    }

    private static ObjectNode spec(ObjectNode service, boolean external) {
        String clusterIp = Tree.text(service, "spec", "clusterIP");
        boolean one = Tree.texts(service, "spec", "clusterIPs").equals(List.of(clusterIp));
        ObjectNode spec = part(
                Tree.at(service, "spec"),
                (name, value) -> !UNREAD_IN_SPEC.contains(name)
                        && !isDefault(name, value)
                        && !(one && name.equals("clusterIPs")));
        List<ObjectNode> ports = Tree.objects(spec, "ports");
        if (!ports.isEmpty()) {
            ArrayNode kept = spec.putArray("ports");
            ports.forEach(port -> kept.add(port(port, external)));
        }
        return spec;
    }

    private static boolean isDefault(String name, JsonNode value) {
        String text = value.isString() ? value.stringValue() : "";
        return switch (name) {
            case "sessionAffinity" -> text.equals("None");
            case "internalTrafficPolicy", "externalTrafficPolicy" -> text.equals("Cluster");
            default -> false;
        };
    }

    /// Only ports of external names are translated by their `targetPort`; all others come from the slices.
    private static ObjectNode port(ObjectNode port, boolean external) {
        return part(
                port,
                (name, value) -> OF_PORT.contains(name)
                        && (external || !name.equals("targetPort"))
                        && !(name.equals("protocol")
                                && value.isString()
                                && value.stringValue().equals("TCP")));
    }

    /// Of the condition of ours, whether it is true.
    private static ObjectNode status(ObjectNode service) {
        ObjectNode status = LeanJson.object();
        if (Tree.at(service, "status", "loadBalancer") instanceof ObjectNode balancer) {
            put(status, "loadBalancer", balancer);
        }
        for (ObjectNode condition : Tree.objects(service, "status", "conditions")) {
            if (Tree.text(condition, "type").equals(Programmed.CONDITION)) {
                ArrayNode conditions = status.putArray("conditions");
                conditions.add(part(condition, (name, _) -> name.equals("type") || name.equals("status")));
            }
        }
        return status;
    }

    private static ObjectNode part(JsonNode object, BiPredicate<String, JsonNode> wanted) {
        ObjectNode out = LeanJson.object();
        object.properties().stream()
                .filter(field -> wanted.test(field.getKey(), field.getValue()))
                .forEach(field -> out.set(field.getKey(), field.getValue()));
        return out;
    }

    private static void put(ObjectNode object, String name, ObjectNode value) {
        if (!value.isEmpty()) {
            object.set(name, value);
        }
    }
}
