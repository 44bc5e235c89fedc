package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks a whole Service (upstream `ValidateService`, `ValidateServiceUpdate`).
final class ServiceValidation {

    static final Set<String> TYPES = Set.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
    private static final long AFFINITY_MAX_SECONDS = 86_400;

    private ServiceValidation() {}

    /// The causes in upstream's order.
    static List<Cause> validate(Optional<ObjectNode> old, ObjectNode service) {
        Causes causes = new Causes();
        old.ifPresent(before -> ServiceImmutability.check(causes, before, service));
        topology(causes, service);
        ServicePortValidation.any(causes, service);
        addressesOfType(causes, service);
        ServicePortValidation.each(causes, service);
        MetaValidation.labels(causes, "spec.selector", Tree.textMap(service, "spec", "selector"));
        affinity(causes, service);
        ServiceAddressValidation.clusterIps(causes, old, service);
        ServiceAddressValidation.externalIps(causes, old, service);
        if (!TYPES.contains(ServiceFields.type(service))) {
            causes.unsupported("spec.type", ServiceFields.type(service), TYPES);
        }
        ServicePortValidation.nodePorts(causes, service);
        ServiceAddressValidation.sourceRanges(causes, old, service);
        ServicePolicyValidation.loadBalancer(causes, service);
        ServicePolicyValidation.policies(causes, service);
        return causes.list();
    }

    private static void addressesOfType(Causes causes, ObjectNode service) {
        if (ServiceFields.isExternalName(service)) {
            externalName(causes, service);
        } else if (ServiceFields.mayHaveNodePorts(service) && ServiceFields.isHeadless(service)) {
            causes.invalid(
                    "spec.clusterIPs[0]",
                    ServiceFields.NONE,
                    "may not be set to 'None' for " + ServiceFields.type(service) + " services");
        }
    }

    private static void externalName(Causes causes, ObjectNode service) {
        for (String field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
            if (Tree.has(service, "spec", field) && !isEmptyList(Tree.at(service, "spec", field))) {
                causes.forbidden("spec." + field, "may not be set for ExternalName services");
            }
        }
        String name = Tree.text(service, "spec", "externalName");
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (bare.isEmpty()) {
            causes.required("spec.externalName", "");
            return;
        }
        causes.invalidEach("spec.externalName", bare, Names.subdomain(bare));
    }

    private static boolean isEmptyList(JsonNode node) {
        return node.isArray() && node.isEmpty();
    }

    private static void topology(Causes causes, ObjectNode service) {
        String mode = Meta.annotation(service, "service.kubernetes.io/topology-mode");
        String hints = Meta.annotation(service, "service.kubernetes.io/topology-aware-hints");
        boolean both = Tree.has(service, "metadata", "annotations", "service.kubernetes.io/topology-mode")
                && Tree.has(service, "metadata", "annotations", "service.kubernetes.io/topology-aware-hints");
        if (both && !mode.equals(hints)) {
            causes.invalid(
                    "metadata.annotations[service.kubernetes.io/topology-mode]",
                    mode,
                    "must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified");
        }
    }

    private static void affinity(Causes causes, ObjectNode service) {
        String affinity = Tree.text(service, "spec", "sessionAffinity");
        String field = "spec.sessionAffinityConfig";
        switch (affinity) {
            case "None" -> {
                if (Tree.has(service, "spec", "sessionAffinityConfig")) {
                    causes.forbidden(field, "must not be set when session affinity is None");
                }
            }
            case "ClientIP" -> {
                long seconds = Tree.number(service, 0, "spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds");
                if (seconds <= 0 || seconds > AFFINITY_MAX_SECONDS) {
                    causes.invalid(
                            field + ".clientIP.timeoutSeconds",
                            seconds,
                            "must be greater than 0 and less than " + AFFINITY_MAX_SECONDS);
                }
            }
            default -> causes.unsupported("spec.sessionAffinity", affinity, Set.of("ClientIP", "None"));
        }
    }
}
