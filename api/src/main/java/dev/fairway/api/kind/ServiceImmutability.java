package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What an update may not change.
final class ServiceImmutability {

    private static final String FIXED = "may not change once set";

    private ServiceImmutability() {}

    static void check(Causes causes, ObjectNode old, ObjectNode now) {
        if (!ServiceFields.isExternalName(old) && !ServiceFields.isExternalName(now)) {
            addresses(causes, old, now);
        }
        boolean stays = ServiceFields.isLoadBalancer(old) && ServiceFields.isLoadBalancer(now);
        if (stays && !ServiceFields.same(old, now, "loadBalancerClass")) {
            causes.invalid("spec.loadBalancerClass", Tree.at(now, "spec", "loadBalancerClass"), FIXED);
        }
        boolean checked = ServiceFields.needsHealthPort(old) && ServiceFields.needsHealthPort(now);
        if (checked && ServiceFields.healthPort(old) != ServiceFields.healthPort(now)) {
            causes.invalid("spec.healthCheckNodePort", ServiceFields.healthPort(now), "field is immutable");
        }
    }

    private static void addresses(Causes causes, ObjectNode old, ObjectNode now) {
        if (ServiceFields.isHeadless(old) && ServiceFields.isHeadless(now)) {
            return;
        }
        primary(causes, "spec.clusterIPs", ServiceFields.clusterIps(old), ServiceFields.clusterIps(now));
        primary(causes, "spec.ipFamilies", ServiceFields.families(old), ServiceFields.families(now));
        if (causes.isEmpty()) {
            secondary(causes, "spec.clusterIPs", "clusterIP", old, now);
            secondary(causes, "spec.ipFamilies", "ipFamily", old, now);
        }
    }

    private static void primary(Causes causes, String field, List<String> old, List<String> now) {
        if (old.isEmpty()) {
            return;
        }
        if (now.isEmpty()) {
            causes.invalid(field + "[0]", now, "primary " + what(field) + " can not be unset");
        } else if (!now.getFirst().equals(old.getFirst())) {
            causes.invalid(field + "[0]", now, FIXED);
        }
    }

    private static String what(String field) {
        return field.endsWith("IPs") ? "clusterIP" : "ipFamily";
    }

    private static void secondary(Causes causes, String field, String what, ObjectNode old, ObjectNode now) {
        String name = field.substring("spec.".length());
        List<String> before = Tree.texts(old, "spec", name);
        List<String> after = Tree.texts(now, "spec", name);
        if (before.size() != 2) {
            return;
        }
        if (after.size() == 2 && !after.get(1).equals(before.get(1))) {
            causes.invalid(field + "[1]", after, FIXED);
        } else if (after.size() == 1 && !ServiceFields.familyPolicy(now).equals("SingleStack")) {
            causes.invalid(
                    "spec.ipFamilyPolicy",
                    ServiceFields.familyPolicy(now),
                    "must be set to 'SingleStack' when releasing the secondary " + what);
        }
    }
}
