package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Decides the IP families of a Service (upstream `registry/core/service/storage/alloc.go`, KEP-563).
final class ServiceFamilies {

    private static final String POLICY = "spec.ipFamilyPolicy";
    private static final String SINGLE = "SingleStack";
    private static final String REQUIRED = "RequireDualStack";
    private static final String PREFERRED = "PreferDualStack";

    private final List<IpFamily> cluster;

    /// @param cluster the families of the service ranges, the primary first
    ServiceFamilies(List<IpFamily> cluster) {
        this.cluster = List.copyOf(cluster);
    }

    /// Fills `ipFamilies` and `ipFamilyPolicy` in place.
    ///
    /// @return what is wrong with them, or what the cluster cannot give
    Causes decide(Optional<ObjectNode> old, ObjectNode now) {
        Causes causes = new Causes();
        if (ServiceFields.isExternalName(now)
                || old.filter(before -> isSettled(before, now)).isPresent()) {
            return causes;
        }
        policy(old, now);
        ServiceAddressValidation.clusterIps(causes, old, now);
        if (!causes.isEmpty()) {
            return causes;
        }
        old.ifPresent(before -> release(causes, before, now));
        singleStack(causes, now);
        List<String> families = inferred(causes, now);
        if (causes.isEmpty()) {
            families(causes, now, families);
        }
        return causes;
    }

    private void families(Causes causes, ObjectNode now, List<String> families) {
        if (isFree(now)) {
            add(now, families, true);
            return;
        }
        if (ServiceFields.familyPolicy(now).equals(REQUIRED) && cluster.size() < 2) {
            causes.invalid(POLICY, REQUIRED, "this cluster is not configured for dual-stack services");
        }
        checkServed(causes, families);
        if (causes.isEmpty()) {
            add(now, families, cluster.size() == 2);
        }
    }

    /// A Service that prefers two stacks never gains or loses one by an update of something else.
    static boolean isSettled(ObjectNode old, ObjectNode now) {
        String before = ServiceFields.familyPolicy(old);
        return ServiceFields.familyPolicy(now).equals(PREFERRED)
                && (before.isEmpty() || before.equals(PREFERRED))
                && ServiceFields.type(old).equals(ServiceFields.type(now))
                && ServiceValidation.TYPES.contains(ServiceFields.type(now))
                && ServiceFields.same(old, now, "clusterIPs")
                && ServiceFields.same(old, now, "ipFamilies");
    }

    /// Endpoints without selector may have any address, whatever the cluster is.
    private static boolean isFree(ObjectNode now) {
        return Tree.text(now, "spec", "clusterIP").equals(ServiceFields.NONE) && !ServiceFields.hasSelector(now);
    }

    /// Only an explicit policy ever changes the number of stacks, so an update without one keeps the old.
    private static void policy(Optional<ObjectNode> old, ObjectNode now) {
        if (!ServiceFields.familyPolicy(now).isEmpty()) {
            return;
        }
        String before = old.map(ServiceFields::familyPolicy).orElse("");
        String policy = !before.isEmpty() ? before : isFree(now) ? REQUIRED : SINGLE;
        ServiceFields.spec(now).put("ipFamilyPolicy", policy);
    }

    /// From two families to one: with `SingleStack` the secondary goes when the lists were left as they stood.
    private static void release(Causes causes, ObjectNode old, ObjectNode now) {
        if (ServiceFields.familyPolicy(now).equals(SINGLE)) {
            for (String field : List.of("clusterIPs", "ipFamilies")) {
                List<String> values = Tree.texts(now, "spec", field);
                if (values.size() > 1 && ServiceFields.same(old, now, field)) {
                    ServiceFields.put(now, field, values.subList(0, 1));
                }
            }
            return;
        }
        reduced(causes, now, ServiceFields.clusterIps(old), ServiceFields.clusterIps(now), "cluster IP");
        reduced(causes, now, ServiceFields.families(old), ServiceFields.families(now), "IP family");
    }

    private static void reduced(Causes causes, ObjectNode now, List<String> before, List<String> after, String what) {
        if (!after.isEmpty() && after.size() < before.size()) {
            causes.invalid(
                    POLICY, ServiceFields.familyPolicy(now), "must be 'SingleStack' to release the secondary " + what);
        }
    }

    private static void singleStack(Causes causes, ObjectNode now) {
        if (!ServiceFields.familyPolicy(now).equals(SINGLE)) {
            return;
        }
        String text = "must be 'RequireDualStack' or 'PreferDualStack' when multiple %s are specified";
        if (ServiceFields.clusterIps(now).size() == 2) {
            causes.invalid(POLICY, SINGLE, text.formatted("cluster IPs"));
        }
        if (ServiceFields.families(now).size() == 2) {
            causes.invalid(POLICY, SINGLE, text.formatted("IP families"));
        }
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
                        family.get().apiName() + " is not configured on this cluster");
            } else {
                family.ifPresent(found -> families.add(found.apiName()));
            }
        }
        return families;
    }

    private void checkServed(Causes causes, List<String> families) {
        for (int i = 0; i < families.size(); i++) {
            String family = families.get(i);
            if (cluster.stream().noneMatch(served -> served.apiName().equals(family))) {
                causes.invalid("spec.ipFamilies[" + i + "]", family, "not configured on this cluster");
            }
        }
    }

    private void add(ObjectNode now, List<String> families, boolean twoToHave) {
        if (families.isEmpty()) {
            families.add(cluster.getFirst().apiName());
        }
        boolean two = !ServiceFields.familyPolicy(now).equals(SINGLE) && twoToHave;
        if (two && families.size() == 1) {
            families.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
        }
        ServiceFields.put(now, "ipFamilies", families);
    }
}
