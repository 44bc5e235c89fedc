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

    /// Patches in what the sender left out and the server once chose, and brings `clusterIP` and `clusterIPs` together.
    static void keep(ObjectNode old, ObjectNode now) {
        keepClusterIp(old, now);
        keepNodePorts(old, now);
        keepHealthPort(old, now);
        normalise(old, now);
    }

    private static void keepClusterIp(ObjectNode old, ObjectNode now) {
        if (!ServiceFields.needsClusterIp(old) || !ServiceFields.needsClusterIp(now)) {
            return;
        }
        String before = Tree.text(old, "spec", "clusterIP");
        if (Tree.text(now, "spec", "clusterIP").isEmpty() && !before.isEmpty()) {
            ServiceFields.spec(now).put("clusterIP", before);
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

    /// Drops what no longer applies to the type.
    static void drop(ObjectNode old, ObjectNode now) {
        if (!ServiceFields.isExternalName(old) && ServiceFields.isExternalName(now)) {
            if (ServiceFields.same(old, now, "clusterIP") && ServiceFields.same(old, now, "clusterIPs")) {
                ServiceFields.spec(now).remove(List.of("clusterIP", "clusterIPs"));
            }
            dropIfSame(old, now, "ipFamilies");
            dropIfSame(old, now, "ipFamilyPolicy");
        }
        if (ServiceFields.mayHaveNodePorts(old)
                && !ServiceFields.mayHaveNodePorts(now)
                && nodePorts(old).containsAll(nodePorts(now))) {
            ServiceFields.ports(now).forEach(port -> port.remove("nodePort"));
        }
        if (ServiceFields.needsHealthPort(old) && !ServiceFields.needsHealthPort(now)) {
            dropIfSame(old, now, "healthCheckNodePort");
        }
        if (ServiceFields.isLoadBalancer(old) && !ServiceFields.isLoadBalancer(now)) {
            dropIfSame(old, now, "allocateLoadBalancerNodePorts");
            dropIfSame(old, now, "loadBalancerClass");
        }
        if (!ServiceFields.isLoadBalancer(now)) {
            Tree.makeObject(now, "status").putObject("loadBalancer");
        }
        if (ServiceFields.isExternallyReachable(old) && !ServiceFields.isExternallyReachable(now)) {
            dropIfSame(old, now, "externalTrafficPolicy");
        }
    }

    private static void dropIfSame(ObjectNode old, ObjectNode now, String field) {
        if (ServiceFields.same(old, now, field)) {
            ServiceFields.spec(now).remove(field);
        }
    }

    private static void normalise(ObjectNode old, ObjectNode now) {
        boolean sameSingle = ServiceFields.same(old, now, "clusterIP");
        if (sameSingle && ServiceFields.clusterIps(now).isEmpty()) {
            ServiceFields.put(now, "clusterIPs", ServiceFields.clusterIps(old));
        }
        boolean sameList = ServiceFields.clusterIps(now).isEmpty() || ServiceFields.same(old, now, "clusterIPs");
        String single = Tree.text(now, "spec", "clusterIP");
        if (!sameSingle && sameList) {
            ServiceFields.put(now, "clusterIPs", single.isEmpty() ? List.of() : List.of(single));
        }
    }
}
