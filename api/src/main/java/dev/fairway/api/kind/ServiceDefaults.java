package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Fills what a Service leaves out. Idempotent.
final class ServiceDefaults {

    private static final int AFFINITY_SECONDS = 10_800;

    private ServiceDefaults() {}

    static void apply(ObjectNode service) {
        ObjectNode spec = ServiceFields.spec(service);
        absent(spec, "sessionAffinity", "None");
        absent(spec, "type", "ClusterIP");
        affinity(spec);
        Tree.objects(spec, "ports").forEach(ServiceDefaults::port);
        if (ServiceFields.isExternallyReachable(service)) {
            absent(spec, "externalTrafficPolicy", "Cluster");
        }
        if (List.of("ClusterIP", "NodePort", "LoadBalancer").contains(ServiceFields.type(service))) {
            absent(spec, "internalTrafficPolicy", "Cluster");
        } else if (ServiceFields.isExternalName(service)) {
            spec.remove("internalTrafficPolicy");
        }
        if (ServiceFields.isLoadBalancer(service)) {
            loadBalancer(service, spec);
        }
    }

    private static void absent(ObjectNode spec, String field, String value) {
        if (Tree.text(spec, field).isEmpty()) {
            spec.put(field, value);
        }
    }

    private static void affinity(ObjectNode spec) {
        switch (Tree.text(spec, "sessionAffinity")) {
            case "None" -> spec.remove("sessionAffinityConfig");
            case "ClientIP" -> {
                ObjectNode client = Tree.makeObject(spec, "sessionAffinityConfig", "clientIP");
                if (!Tree.has(client, "timeoutSeconds")) {
                    client.put("timeoutSeconds", AFFINITY_SECONDS);
                }
            }
            default -> {} // validation says what may stand here
        }
    }

    private static void port(ObjectNode port) {
        absent(port, "protocol", "TCP");
        JsonNode target = Tree.at(port, "targetPort");
        boolean unset = target.isMissingNode()
                || (target.isIntegralNumber() && target.longValue() == 0)
                || (target.isString() && target.stringValue().isEmpty());
        JsonNode number = port.get("port");
        if (unset && number != null) {
            port.set("targetPort", number);
        }
    }

    private static void loadBalancer(ObjectNode service, ObjectNode spec) {
        if (!Tree.has(spec, "allocateLoadBalancerNodePorts")) {
            spec.put("allocateLoadBalancerNodePorts", true);
        }
        for (ObjectNode ingress : Tree.objects(service, "status", "loadBalancer", "ingress")) {
            if (!Tree.text(ingress, "ip").isEmpty() && !Tree.has(ingress, "ipMode")) {
                ingress.put("ipMode", "VIP");
            }
        }
    }
}
