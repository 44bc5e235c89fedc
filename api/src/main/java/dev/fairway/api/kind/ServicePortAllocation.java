package dev.fairway.api.kind;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Takes a Service's node ports and its health check port.
final class ServicePortAllocation {

    private final NodePortAllocator allocator;

    ServicePortAllocation(ServiceRanges ranges) {
        this.allocator = new NodePortAllocator(ranges);
    }

    void create(Claims claims, ObjectNode now) {
        if (ServiceFields.mayHaveNodePorts(now)) {
            newNodePorts(claims, now);
        }
        if (ServiceFields.needsHealthPort(now)) {
            healthPort(claims, now);
        }
    }

    void update(Claims claims, ObjectNode old, ObjectNode now) {
        if (ServiceFields.mayHaveNodePorts(now)) {
            changedNodePorts(claims, old, now);
        }
        if (ServiceFields.needsHealthPort(now) && !ServiceFields.needsHealthPort(old)) {
            healthPort(claims, now);
        }
    }

    /// Ports of one number and different protocols share a node port; an explicit one wherever it stands in the list.
    private void newNodePorts(Claims claims, ObjectNode now) {
        List<ObjectNode> ports = ServiceFields.ports(now);
        Map<Long, Long> byPort = new HashMap<>();
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            long number = Tree.number(port, 0, "port");
            long own = ServiceFields.nodePort(port);
            if (own == 0 && !ServiceFields.needsNodePorts(now)) {
                continue;
            }
            long shared = byPort.getOrDefault(number, 0L);
            if (shared == 0) {
                byPort.put(number, firstOfNumber(claims, now, i, requested(ports, number)));
            } else if (own == 0) {
                port.put("nodePort", shared);
            } else if (own != shared) {
                exactly(claims, now, i, own);
            }
        }
    }

    /// @param wanted 0 for any
    private long firstOfNumber(Claims claims, ObjectNode now, int index, long wanted) {
        if (wanted != 0) {
            exactly(claims, now, index, wanted);
        }
        long taken = wanted != 0 ? wanted : any(claims);
        ServiceFields.ports(now).get(index).put("nodePort", taken);
        return taken;
    }

    /// The node port that any entry with this port number asks for; 0 when none does.
    private static long requested(List<ObjectNode> ports, long number) {
        return ports.stream()
                .filter(port -> Tree.number(port, 0, "port") == number)
                .mapToLong(ServiceFields::nodePort)
                .filter(nodePort -> nodePort != 0)
                .findFirst()
                .orElse(0);
    }

    /// An update never shares by itself: each port without a node port gets one of its own.
    private void changedNodePorts(Claims claims, ObjectNode old, ObjectNode now) {
        Set<Long> held = new HashSet<>(ServiceFields.heldNodePorts(old));
        List<ObjectNode> ports = ServiceFields.ports(now);
        for (int i = 0; i < ports.size(); i++) {
            long number = ServiceFields.nodePort(ports.get(i));
            if (number != 0 && held.add(number)) {
                exactly(claims, now, i, number);
            } else if (number == 0 && ServiceFields.needsNodePorts(now)) {
                ports.get(i).put("nodePort", any(claims));
            }
        }
    }

    private void exactly(Claims claims, ObjectNode now, int index, long number) {
        Optional<String> refused = allocator.take(claims, number);
        if (refused.isPresent()) {
            Causes causes = new Causes();
            causes.invalid("spec.ports[" + index + "].nodePort", number, refused.get());
            throw Causes.refusal(Resource.SERVICES, Meta.name(now), causes.list());
        }
    }

    private long any(Claims claims) {
        return allocator
                .takeAny(claims)
                .orElseThrow(() -> Causes.internal("failed to allocate a nodePort: " + NodePortAllocator.FULL));
    }

    /// @throws ApiException 500 in any case, as upstream
    private void healthPort(Claims claims, ObjectNode now) {
        long wanted = ServiceFields.healthPort(now);
        if (wanted != 0) {
            allocator.take(claims, wanted).ifPresent(why -> {
                throw Causes.internal("failed to allocate requested HealthCheck NodePort " + wanted + ": " + why);
            });
            return;
        }
        long found = allocator
                .takeAny(claims)
                .orElseThrow(() ->
                        Causes.internal("failed to allocate a HealthCheck NodePort 0: " + NodePortAllocator.FULL));
        ServiceFields.spec(now).put("healthCheckNodePort", found);
    }
}
