package dev.fairway.control.endpoints;

import dev.fairway.address.IpFamily;
import dev.fairway.control.Indexes;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
                new Trigger(Resource.ENDPOINT_SLICES, ServiceWork::ofSlice),
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
        List<ObjectNode> slices = Indexes.slicesOf(snapshot, Meta.namespace(service), Meta.name(service)).stream()
                .filter(slice -> Tree.text(slice, "metadata", "labels", SliceShape.MANAGED_BY)
                        .equals(SliceShape.MANAGER))
                .toList();
        List<Write> writes = SlicePlan.plan(SliceShape.ofService(service), families, slices, wanted, endpointsPerSlice);
        Decision decision = Decision.of("slices differ from the selected pods", writes);
        return wanted.complete() ? decision : decision.againAfter(Duration.ofSeconds(1));
    }
}
