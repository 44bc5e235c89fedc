package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Checks the traffic policies and the load balancer fields of a Service.
final class ServicePolicyValidation {

    private static final Set<String> POLICIES = Set.of("Cluster", "Local");
    private static final List<String> DISTRIBUTIONS = List.of("PreferClose", "PreferSameZone", "PreferSameNode");
    private static final String ONLY_LB = "may only be used when `type` is 'LoadBalancer'";

    private ServicePolicyValidation() {}

    static void policies(Causes causes, ObjectNode service) {
        external(causes, service);
        healthPort(causes, service);
        String internal = Tree.text(service, "spec", "internalTrafficPolicy");
        if (internal.isEmpty()
                && ServiceValidation.TYPES.contains(ServiceFields.type(service))
                && !ServiceFields.isExternalName(service)) {
            causes.required("spec.internalTrafficPolicy", "");
        } else if (!internal.isEmpty() && !POLICIES.contains(internal)) {
            causes.unsupported("spec.internalTrafficPolicy", internal, POLICIES);
        }
        String distribution = Tree.text(service, "spec", "trafficDistribution");
        if (Tree.has(service, "spec", "trafficDistribution") && !DISTRIBUTIONS.contains(distribution)) {
            causes.unsupportedInOrder("spec.trafficDistribution", distribution, DISTRIBUTIONS);
        }
    }

    private static void external(Causes causes, ObjectNode service) {
        String field = "spec.externalTrafficPolicy";
        String policy = Tree.text(service, "spec", "externalTrafficPolicy");
        if (!ServiceFields.isExternallyReachable(service)) {
            if (!policy.isEmpty()) {
                causes.invalid(field, policy, "may only be set for externally-accessible services");
            }
        } else if (policy.isEmpty()) {
            causes.required(field, "");
        } else if (!POLICIES.contains(policy)) {
            causes.unsupported(field, policy, POLICIES);
        }
    }

    private static void healthPort(Causes causes, ObjectNode service) {
        String field = "spec.healthCheckNodePort";
        long port = ServiceFields.healthPort(service);
        if (port != 0 && !ServiceFields.needsHealthPort(service)) {
            causes.invalid(
                    field,
                    port,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        } else if (port != 0) {
            Names.port(port).forEach(why -> causes.invalid(field, port, why));
        }
    }

    static void loadBalancer(Causes causes, ObjectNode service) {
        boolean balanced = ServiceFields.isLoadBalancer(service);
        boolean allocates = Tree.has(service, "spec", "allocateLoadBalancerNodePorts");
        if (balanced && !allocates) {
            causes.required("spec.allocateLoadBalancerNodePorts", "");
        } else if (!balanced && allocates) {
            causes.forbidden("spec.allocateLoadBalancerNodePorts", ONLY_LB);
        }
        if (Tree.has(service, "spec", "loadBalancerClass")) {
            String name = Tree.text(service, "spec", "loadBalancerClass");
            if (balanced) {
                causes.invalidEach("spec.loadBalancerClass", name, Names.qualified(name));
            } else {
                causes.forbidden("spec.loadBalancerClass", ONLY_LB);
            }
        }
    }
}
