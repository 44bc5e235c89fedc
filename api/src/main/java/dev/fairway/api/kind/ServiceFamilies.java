package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Decides the IP families of a Service (upstream `registry/core/service/storage/alloc.go`, KEP-563).
final class ServiceFamilies {

    private static final String POLICY = "spec.ipFamilyPolicy";

    private final List<IpFamily> cluster;

    /// @param cluster the families of the service ranges, the primary first
    ServiceFamilies(List<IpFamily> cluster) {
        this.cluster = List.copyOf(cluster);
    }

    /// Fills `ipFamilies` and `ipFamilyPolicy` in place. The lists are well-formed already.
    ///
    /// @return what the cluster cannot give
    Causes decide(Optional<ObjectNode> old, ObjectNode now) {
        Causes causes = new Causes();
        if (ServiceFields.isExternalName(now)
                || old.filter(before -> isSettled(before, now)).isPresent()) {
            return causes;
        }
        List<String> families = inferred(causes, now);
        if (!causes.isEmpty()) {
            return causes;
        }
        if (ServiceFields.isHeadless(now) && !ServiceFields.hasSelector(now)) {
            anyFamilies(now, families);
            return causes;
        }
        String given = ServiceFields.familyPolicy(now);
        String policy = given.isEmpty() ? "SingleStack" : given;
        checkPolicy(causes, now, policy, families);
        checkServed(causes, families);
        if (causes.isEmpty()) {
            if (families.isEmpty()) {
                families.add(cluster.getFirst().apiName());
            }
            if (!policy.equals("SingleStack") && families.size() == 1 && cluster.size() == 2) {
                families.add(other(families.getFirst()));
            }
            ServiceFields.spec(now).put("ipFamilyPolicy", policy);
            ServiceFields.put(now, "ipFamilies", families);
        }
        return causes;
    }

    /// A Service that prefers two stacks never gains or loses one by an update of something else.
    private static boolean isSettled(ObjectNode old, ObjectNode now) {
        return ServiceFields.familyPolicy(old).equals("PreferDualStack")
                && List.of("type", "ipFamilyPolicy", "clusterIP", "clusterIPs", "ipFamilies").stream()
                        .allMatch(field -> ServiceFields.same(old, now, field));
    }

    private List<String> inferred(Causes causes, ObjectNode now) {
        List<String> families = new ArrayList<>(ServiceFields.families(now));
        List<String> addresses = ServiceFields.clusterIps(now);
        for (int i = families.size(); i < addresses.size(); i++) {
            Optional<IpFamily> family = IpAddress.tryParse(addresses.get(i)).map(IpAddress::family);
            if (family.isPresent() && !cluster.contains(family.get())) {
                causes.invalid(
                        "spec.clusterIPs[" + i + "]",
                        addresses,
                        "may not use " + family.get().apiName() + " on a cluster which is not configured for it");
            } else {
                family.ifPresent(found -> families.add(found.apiName()));
            }
        }
        return families;
    }

    /// Endpoints without selector may have any address, whatever the cluster is.
    private void anyFamilies(ObjectNode now, List<String> families) {
        if (ServiceFields.familyPolicy(now).isEmpty()) {
            ServiceFields.spec(now).put("ipFamilyPolicy", "RequireDualStack");
        }
        if (families.isEmpty()) {
            families.add(cluster.getFirst().apiName());
        }
        if (families.size() == 1 && !ServiceFields.familyPolicy(now).equals("SingleStack")) {
            families.add(other(families.getFirst()));
        }
        ServiceFields.put(now, "ipFamilies", families);
    }

    private void checkPolicy(Causes causes, ObjectNode now, String policy, List<String> families) {
        if (policy.equals("SingleStack") && ServiceFields.clusterIps(now).size() == 2) {
            causes.invalid(
                    POLICY,
                    policy,
                    "must be RequireDualStack or PreferDualStack when multiple `clusterIPs` are specified");
        } else if (policy.equals("SingleStack") && families.size() == 2) {
            causes.invalid(
                    POLICY,
                    policy,
                    "must be RequireDualStack or PreferDualStack when multiple `ipFamilies` are specified");
        }
        if (policy.equals("RequireDualStack") && cluster.size() < 2) {
            causes.invalid(POLICY, policy, "this cluster is not configured for dual-stack services");
        }
    }

    private void checkServed(Causes causes, List<String> families) {
        for (int i = 0; i < families.size(); i++) {
            String family = families.get(i);
            if (cluster.stream().noneMatch(served -> served.apiName().equals(family))) {
                causes.invalid("spec.ipFamilies[" + i + "]", family, "not configured on this cluster");
            }
        }
    }

    private static String other(String family) {
        return family.equals("IPv4") ? "IPv6" : "IPv4";
    }
}
