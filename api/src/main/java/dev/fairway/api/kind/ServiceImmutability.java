package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What an update may not change (upstream `validateUpgradeDowngradeClusterIPs` and its neighbours).
final class ServiceImmutability {

    private static final String FIXED = "may not change once set";
    private static final String IPS = "spec.clusterIPs";
    private static final String FAMILIES = "spec.ipFamilies";

    private ServiceImmutability() {}

    static void check(Causes causes, ObjectNode old, ObjectNode now) {
        if (!ServiceFields.isExternalName(old) && !ServiceFields.isExternalName(now)) {
            boolean before = ServiceFields.isHeadless(old);
            boolean after = ServiceFields.isHeadless(now);
            if (!before || !after) {
                addresses(causes, old, now);
            }
            if (!before && !after) {
                families(causes, old, now);
            }
        }
        boolean stays = ServiceFields.isLoadBalancer(old) && ServiceFields.isLoadBalancer(now);
        if (stays && !ServiceFields.same(old, now, "loadBalancerClass")) {
            causes.invalid("spec.loadBalancerClass", Tree.at(now, "spec", "loadBalancerClass"), FIXED);
        }
        boolean checked = ServiceFields.needsHealthPort(old) && ServiceFields.needsHealthPort(now);
        if (checked && ServiceFields.healthPort(old) != ServiceFields.healthPort(now)) {
            causes.forbidden("spec.healthCheckNodePort", "field is immutable");
        }
    }

    private static void addresses(Causes causes, ObjectNode old, ObjectNode now) {
        List<String> before = ServiceFields.clusterIps(old);
        List<String> after = ServiceFields.clusterIps(now);
        if (before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                if (!before.get(i).equals(after.get(i))) {
                    causes.invalid(IPS + "[" + i + "]", after, FIXED);
                }
            }
            return;
        }
        if (after.isEmpty()) {
            causes.invalid(IPS + "[0]", after, "primary clusterIP can not be unset");
        }
        primary(causes, IPS, before, after, after);
        if (before.size() > 1 && after.size() == 1) {
            needsSingleStack(causes, now, "clusterIP");
        }
    }

    /// Every cause of a changed primary family is told with the addresses, as upstream does.
    private static void families(Causes causes, ObjectNode old, ObjectNode now) {
        List<String> before = ServiceFields.families(old);
        List<String> after = ServiceFields.families(now);
        if (before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                if (!before.get(i).equals(after.get(i))) {
                    causes.invalid(FAMILIES + "[0]", after, FIXED);
                }
            }
            return;
        }
        if (before.size() > after.size() && ServiceFields.clusterIps(now).isEmpty()) {
            causes.invalid(FAMILIES + "[0]", after, "primary ipFamily can not be unset");
        }
        primary(causes, FAMILIES, before, after, ServiceFields.clusterIps(now));
        if (before.size() > 1 && after.size() == 1) {
            needsSingleStack(causes, now, "ipFamily");
        }
    }

    private static void primary(
            Causes causes, String field, List<String> before, List<String> after, List<String> told) {
        if (!before.isEmpty() && !after.isEmpty() && !after.getFirst().equals(before.getFirst())) {
            causes.invalid(field + "[0]", told, FIXED);
        }
    }

    private static void needsSingleStack(Causes causes, ObjectNode now, String what) {
        if (!ServiceFields.familyPolicy(now).equals("SingleStack")) {
            causes.invalid(
                    "spec.ipFamilyPolicy",
                    ServiceFields.familyPolicy(now),
                    "must be set to 'SingleStack' when releasing the secondary " + what);
        }
    }
}
