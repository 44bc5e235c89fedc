package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Takes and gives back what a Service owns: addresses and ports. Takes only the difference between the old Service and
/// the new; everything is part of the Service's own transaction.
final class ServiceAllocation {

    private final ServiceRanges ranges;
    private final ClusterIpAllocator addresses;
    private final NodePortAllocator nodePorts;

    ServiceAllocation(ServiceRanges ranges) {
        this.ranges = ranges;
        this.addresses = new ClusterIpAllocator(ranges);
        this.nodePorts = new NodePortAllocator(ranges);
    }

    /// Fills `now` in place.
    ///
    /// @param held the keys that the old Service had
    /// @throws dev.fairway.schema.ApiException 422 for an explicit value that cannot be had, 500 for a full range
    void allocate(WriteScope scope, Set<String> held, ObjectNode now) {
        Claims claims = Claims.of(scope, now);
        if (ServiceFields.needsClusterIp(now) && !ServiceFields.isHeadless(now)) {
            clusterIps(claims, held, now);
        }
        if (ServiceFields.mayHaveNodePorts(now)) {
            nodePorts(claims, now);
        }
        if (ServiceFields.needsHealthPort(now)) {
            healthPort(claims, now);
        }
    }

    /// Gives back what the old Service had and the new has not.
    void release(WriteScope scope, ObjectNode old, Set<String> kept) {
        Claims claims = Claims.of(scope, old);
        for (String key : ServiceFields.claimedKeys(old)) {
            if (!kept.contains(key)) {
                claims.release(key);
            }
        }
    }

    private void clusterIps(Claims claims, Set<String> held, ObjectNode now) {
        List<String> texts = new ArrayList<>(ServiceFields.clusterIps(now));
        for (String text : texts) {
            IpAddress address = IpAddress.parse(text);
            if (!held.contains(ClusterIpAllocator.key(address))) {
                addresses.take(claims, address).ifPresent(why -> {
                    throw invalid(
                            now,
                            causes -> causes.invalid(
                                    "spec.clusterIPs",
                                    ServiceFields.clusterIps(now),
                                    "failed to allocate IP " + address + ": " + why));
                });
            }
        }
        List<String> families = ServiceFields.families(now);
        for (int i = texts.size(); i < families.size(); i++) {
            texts.add(anyAddress(claims, now, families.get(i)));
        }
        ServiceFields.put(now, "clusterIPs", texts);
        if (!texts.isEmpty()) {
            ServiceFields.spec(now).put("clusterIP", texts.getFirst());
        }
    }

    private String anyAddress(Claims claims, ObjectNode now, String familyName) {
        IpFamily family = familyName.equals("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4;
        Cidr range = ranges.range(family)
                .orElseThrow(() -> Causes.internal("failed to allocate a serviceIP: no range of " + familyName));
        String name = Meta.namespace(now) + "/" + Meta.name(now);
        return addresses
                .takeAny(claims, range, name)
                .orElseThrow(() -> Causes.internal("failed to allocate a serviceIP: range is full"))
                .toString();
    }

    /// Ports of one number and different protocols share a node port; an explicit one wherever it stands in the list.
    private void nodePorts(Claims claims, ObjectNode now) {
        List<ObjectNode> ports = ServiceFields.ports(now);
        Map<Long, Long> byPort = new HashMap<>();
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            if (ServiceFields.nodePort(port) != 0) {
                explicitPort(claims, now, i);
                byPort.putIfAbsent(Tree.number(port, 0, "port"), ServiceFields.nodePort(port));
            }
        }
        if (!ServiceFields.needsNodePorts(now)) {
            return;
        }
        for (ObjectNode port : ports) {
            if (ServiceFields.nodePort(port) == 0) {
                long number = Tree.number(port, 0, "port");
                long nodePort = sharedOrAny(claims, ServiceFields.protocol(port), byPort.get(number));
                port.put("nodePort", nodePort);
                byPort.putIfAbsent(number, nodePort);
            }
        }
    }

    private long sharedOrAny(Claims claims, String protocol, @org.jspecify.annotations.Nullable Long shared) {
        if (shared != null && nodePorts.take(claims, shared, protocol).isEmpty()) {
            return shared;
        }
        return nodePorts
                .takeAny(claims, protocol)
                .orElseThrow(() -> Causes.internal("failed to allocate a nodePort: range is full"));
    }

    private void explicitPort(Claims claims, ObjectNode now, int index) {
        ObjectNode port = ServiceFields.ports(now).get(index);
        long number = ServiceFields.nodePort(port);
        Optional<String> refused = nodePorts.take(claims, number, ServiceFields.protocol(port));
        if (refused.isPresent()) {
            throw invalid(now, causes -> causes.invalid("spec.ports[" + index + "].nodePort", number, refused.get()));
        }
    }

    private void healthPort(Claims claims, ObjectNode now) {
        long wanted = ServiceFields.healthPort(now);
        if (wanted != 0) {
            nodePorts.take(claims, wanted, "TCP").ifPresent(why -> {
                throw Causes.internal("failed to allocate requested HealthCheck NodePort " + wanted + ": " + why);
            });
            return;
        }
        long found = nodePorts
                .takeAny(claims, "TCP")
                .orElseThrow(() -> Causes.internal("failed to allocate a HealthCheck NodePort: range is full"));
        ServiceFields.spec(now).put("healthCheckNodePort", found);
    }

    private static dev.fairway.schema.ApiException invalid(
            ObjectNode service, java.util.function.Consumer<Causes> tell) {
        Causes causes = new Causes();
        tell.accept(causes);
        return Causes.refusal(Resource.SERVICES, Meta.name(service), causes.list());
    }
}
