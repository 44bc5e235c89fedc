package dev.fairway.control.endpoints;

import dev.fairway.address.IpFamily;
import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the EndpointSlices of Services with a selector equal to the pods that it chooses.
public final class EndpointSliceController implements Controller {

    private final int endpointsPerSlice;

    /// @param endpointsPerSlice 1 to 1000; upstream's default is 100
    public EndpointSliceController(int endpointsPerSlice) {
        this.endpointsPerSlice = endpointsPerSlice;
    }

    @Override
    public String name() {
        return "endpoint-slice-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                Trigger.self(Resource.SERVICES),
                new Trigger(Resource.PODS, ServiceWork::ofPod),
                new Trigger(Resource.ENDPOINT_SLICES, ServiceWork::ofSlice, ServiceWork.FOREIGN_CHANGE_DELAY),
                new Trigger(Resource.NODES, ServiceWork::ofNode));
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key)
                .filter(ServiceWork::hasSelectedEndpoints)
                .map(service -> decide(snapshot, service))
                .orElse(Decision.NOTHING);
    }

    private Decision decide(Snapshot snapshot, ObjectNode service) {
        List<IpFamily> families = WantedEndpoints.familiesOf(service);
        List<ObjectNode> pods = WantedEndpoints.selectedPods(service, snapshot);
        WantedEndpoints wanted = WantedEndpoints.of(service, families, pods, snapshot);
        Map<IpFamily, String> unhinted = new EnumMap<>(IpFamily.class);
        if (ZoneHints.areAskedFor(service)) {
            families.forEach(family -> ZoneHints.put(wanted, family, snapshot.list(Resource.NODES, ""))
                    .ifPresent(why -> unhinted.put(family, why)));
        }
        List<ObjectNode> slices = Indexes.slicesOf(snapshot, Meta.namespace(service), Meta.name(service)).stream()
                .filter(slice -> Tree.text(slice, "metadata", "labels", SliceShape.MANAGED_BY)
                        .equals(SliceShape.MANAGER))
                .toList();
        List<Write> writes = new ArrayList<>(
                SlicePlan.plan(SliceShape.ofService(service), families, slices, wanted, endpointsPerSlice));
        if (!writes.isEmpty() && ZoneHints.areAskedFor(service)) {
            families.forEach(family -> writes.addAll(announce(service, family, unhinted, slices)));
        }
        Decision decision = Decision.of("slices differ from the selected pods", writes);
        return wanted.complete() ? decision : decision.againAfter(Duration.ofSeconds(1));
    }

    /// Whether hints are given is news when it changes; why they are not is worth counting.
    private static List<Write> announce(
            ObjectNode service, IpFamily family, Map<IpFamily, String> unhinted, List<ObjectNode> before) {
        String why = unhinted.get(family);
        if (why != null) {
            return List.of(topologyEvent(service, true, "TopologyAwareHintsDisabled", why, family));
        }
        boolean hinted = before.stream()
                .filter(slice -> Tree.text(slice, "addressType").equals(family.apiName()))
                .flatMap(slice -> Tree.objects(slice, "endpoints").stream())
                .anyMatch(endpoint -> Tree.has(endpoint, "hints"));
        return hinted
                ? List.of()
                : List.of(topologyEvent(
                        service, false, "TopologyAwareHintsEnabled", "Topology Aware Hints has been enabled", family));
    }

    private static Write topologyEvent(
            ObjectNode service, boolean warning, String reason, String message, IpFamily family) {
        return new Write.Announce(
                Resource.SERVICES, service, warning, reason, message + ", addressType: " + family.apiName());
    }

    @Override
    public List<Write> refused(Snapshot snapshot, WorkKey key, ApiException refusal) {
        String message = "Error updating Endpoint Slices for Service %s: %s".formatted(key.object(), refusal.text());
        return snapshot.get(key).stream()
                .map(service -> (Write)
                        new Write.Announce(Resource.SERVICES, service, true, "FailedToUpdateEndpointSlices", message))
                .toList();
    }
}
