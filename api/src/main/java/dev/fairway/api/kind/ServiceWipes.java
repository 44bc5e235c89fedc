package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What an update does to fields that its sender left alone: keeps what was allocated, drops what no longer applies.
/// A field that the sender changed is never touched; validation then says what is wrong with it.
final class ServiceWipes {

    private ServiceWipes() {}

    /// A create with only the singular `clusterIP` means the list of it.
    static void normaliseCreate(ObjectNode service) {
        String single = Tree.text(service, "spec", "clusterIP");
        if (!single.isEmpty() && ServiceFields.clusterIps(service).isEmpty()) {
            ServiceFields.put(service, "clusterIPs", List.of(single));
        }
    }

    static void apply(ObjectNode old, ObjectNode now) {
        keepClusterIp(old, now);
        keepNodePorts(old, now);
        keepHealthPort(old, now);
        dropUnneeded(old, now);
        normalise(old, now);
        keepFamilies(old, now);
        downgrade(old, now);
    }

    private static void keepClusterIp(ObjectNode old, ObjectNode now) {
        if (!ServiceFields.needsClusterIp(old) || !ServiceFields.needsClusterIp(now)) {
            return;
        }
        String before = Tree.text(old, "spec", "clusterIP");
        if (Tree.text(now, "spec", "clusterIP").isEmpty() && !before.isEmpty()) {
            ServiceFields.spec(now).put("clusterIP", before);
        }
        if (ServiceFields.clusterIps(now).isEmpty() && ServiceFields.same(old, now, "clusterIP")) {
            ServiceFields.put(now, "clusterIPs", ServiceFields.clusterIps(old));
        }
    }

    /// By the port's name, unless the new Service uses the old number for another port.
    private static void keepNodePorts(ObjectNode old, ObjectNode now) {
        if (!ServiceFields.needsNodePorts(old) || !ServiceFields.needsNodePorts(now)) {
            return;
        }
        Set<Long> used = nodePorts(now);
        Map<String, Long> byName = new HashMap<>();
        ServiceFields.ports(old).forEach(port -> byName.put(Tree.text(port, "name"), ServiceFields.nodePort(port)));
        for (ObjectNode port : ServiceFields.ports(now)) {
            long before = byName.getOrDefault(Tree.text(port, "name"), 0L);
            if (ServiceFields.nodePort(port) == 0 && before != 0 && !used.contains(before)) {
                port.put("nodePort", before);
            }
        }
    }

    private static Set<Long> nodePorts(ObjectNode service) {
        Set<Long> numbers = new HashSet<>();
        ServiceFields.ports(service).forEach(port -> numbers.add(ServiceFields.nodePort(port)));
        numbers.remove(0L);
        return numbers;
    }

    private static void keepHealthPort(ObjectNode old, ObjectNode now) {
        boolean both = ServiceFields.needsHealthPort(old) && ServiceFields.needsHealthPort(now);
        if (both && ServiceFields.healthPort(now) == 0 && ServiceFields.healthPort(old) != 0) {
            ServiceFields.spec(now).put("healthCheckNodePort", ServiceFields.healthPort(old));
        }
    }

    private static void dropUnneeded(ObjectNode old, ObjectNode now) {
        if (ServiceFields.needsClusterIp(old) && !ServiceFields.needsClusterIp(now)) {
            if (ServiceFields.same(old, now, "clusterIP") && ServiceFields.same(old, now, "clusterIPs")) {
                ServiceFields.spec(now).remove(List.of("clusterIP", "clusterIPs"));
            }
            dropIfSame(old, now, "ipFamilies");
            dropIfSame(old, now, "ipFamilyPolicy");
        }
        if (ServiceFields.mayHaveNodePorts(old)
                && !ServiceFields.needsNodePorts(now)
                && nodePorts(old).containsAll(nodePorts(now))
                && lostNodePorts(old, now)) {
            ServiceFields.ports(now).forEach(port -> port.remove("nodePort"));
        }
        if (ServiceFields.needsHealthPort(old) && !ServiceFields.needsHealthPort(now)) {
            dropIfSame(old, now, "healthCheckNodePort");
        }
        if (ServiceFields.isLoadBalancer(old) && !ServiceFields.isLoadBalancer(now)) {
            dropIfSame(old, now, "allocateLoadBalancerNodePorts");
            dropIfSame(old, now, "loadBalancerClass");
            Tree.makeObject(now, "status").putObject("loadBalancer");
        }
        if (ServiceFields.isExternallyReachable(old) && !ServiceFields.isExternallyReachable(now)) {
            dropIfSame(old, now, "externalTrafficPolicy");
        }
    }

    /// Node ports that a load balancer keeps by wish, with allocation off before and after, stay.
    private static boolean lostNodePorts(ObjectNode old, ObjectNode now) {
        return ServiceFields.needsNodePorts(old) || !ServiceFields.mayHaveNodePorts(now);
    }

    private static void dropIfSame(ObjectNode old, ObjectNode now, String field) {
        if (ServiceFields.same(old, now, field)) {
            ServiceFields.spec(now).remove(field);
        }
    }

    /// Brings `clusterIP` and `clusterIPs` together when the sender changed only one of them.
    private static void normalise(ObjectNode old, ObjectNode now) {
        if (ServiceFields.same(old, now, "clusterIP") || !ServiceFields.same(old, now, "clusterIPs")) {
            if (ServiceFields.clusterIps(old).isEmpty()
                    && ServiceFields.clusterIps(now).isEmpty()) {
                normaliseCreate(now);
            }
            return;
        }
        String single = Tree.text(now, "spec", "clusterIP");
        ServiceFields.put(now, "clusterIPs", single.isEmpty() ? List.of() : List.of(single));
    }

    private static void keepFamilies(ObjectNode old, ObjectNode now) {
        if (!ServiceFields.needsClusterIp(old) || !ServiceFields.needsClusterIp(now)) {
            return;
        }
        if (ServiceFields.familyPolicy(now).isEmpty()
                && !ServiceFields.familyPolicy(old).isEmpty()) {
            ServiceFields.spec(now).put("ipFamilyPolicy", ServiceFields.familyPolicy(old));
        }
        boolean sameAddresses = ServiceFields.same(old, now, "clusterIPs");
        if (ServiceFields.families(now).isEmpty() && sameAddresses) {
            ServiceFields.put(now, "ipFamilies", ServiceFields.families(old));
        }
    }

    /// From two families to one: the secondary goes when the lists were left as they stood.
    private static void downgrade(ObjectNode old, ObjectNode now) {
        boolean wasDual = ServiceFields.familyPolicy(old).endsWith("DualStack");
        if (!wasDual || !ServiceFields.familyPolicy(now).equals("SingleStack")) {
            return;
        }
        for (String field : List.of("clusterIPs", "ipFamilies")) {
            List<String> values = Tree.texts(now, "spec", field);
            if (values.size() == 2 && ServiceFields.same(old, now, field)) {
                ServiceFields.put(now, field, values.subList(0, 1));
            }
        }
    }
}
