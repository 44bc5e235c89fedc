package dev.fairway.control.endpoints;

import dev.fairway.address.IpFamily;
import dev.fairway.control.Indexes;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Mirrors Endpoints that people write for Services without selector into EndpointSlices, which is what readers read.
public final class MirroringController implements Controller {

    private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

    @Override
    public String name() {
        return "endpoint-slice-mirroring-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                Trigger.self(Resource.ENDPOINTS),
                new Trigger(
                        Resource.SERVICES,
                        (snapshot, key, before, now) -> List.of(WorkKey.of(Resource.ENDPOINTS, key))),
                new Trigger(
                        Resource.ENDPOINT_SLICES,
                        (snapshot, key, before, now) -> ServiceWork.ofSlice(snapshot, key, before, now).stream()
                                .map(service -> WorkKey.of(Resource.ENDPOINTS, service.object()))
                                .toList(),
                        ServiceWork.FOREIGN_CHANGE_DELAY));
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        List<ObjectNode> slices = Indexes.slicesOf(snapshot, key.namespace(), key.name()).stream()
                .filter(slice -> Tree.text(slice, "metadata", "labels", SliceShape.MANAGED_BY)
                        .equals(SliceShape.MIRRORER))
                .toList();
        Optional<ObjectNode> service = snapshot.get(Resource.SERVICES, key.namespace(), key.name());
        return snapshot.get(key)
                .filter(endpoints -> isMirrored(endpoints, service))
                .map(endpoints -> mirror(endpoints, slices))
                .orElseGet(() -> Decision.of(
                        "nothing to mirror",
                        slices.stream()
                                .filter(slice -> !Meta.isBeingDeleted(slice))
                                .map(slice -> (Write) Write.Delete.of(Resource.ENDPOINT_SLICES, slice))
                                .toList()));
    }

    private static boolean isMirrored(JsonNode endpoints, Optional<ObjectNode> service) {
        return !Tree.text(endpoints, "metadata", "labels", SKIP).equals("true")
                && !Meta.annotations(endpoints).containsKey(LEADER)
                && !Meta.isBeingDeleted(endpoints)
                && service.filter(it -> !Tree.has(it, "spec", "selector"))
                        .filter(it -> !Tree.text(it, "spec", "type").equals("ExternalName"))
                        .isPresent();
    }

    private static Decision mirror(ObjectNode endpoints, List<ObjectNode> slices) {
        Mirrored mirrored = Mirrored.of(endpoints);
        List<IpFamily> families = mirrored.groups().keySet().stream()
                .map(Group::family)
                .distinct()
                .toList();
        List<Write> writes = new ArrayList<>(SlicePlan.plan(
                SliceShape.ofEndpoints(endpoints),
                families,
                slices,
                new WantedEndpoints(mirrored.groups(), Map.of(), true),
                Mirrored.LIMIT));
        if (!writes.isEmpty() || slices.isEmpty()) {
            writes.addAll(announcements(endpoints, mirrored));
        }
        return Decision.of("slices differ from the Endpoints", writes);
    }

    private static List<Write> announcements(ObjectNode endpoints, Mirrored mirrored) {
        List<Write> out = new ArrayList<>();
        if (mirrored.invalid() > 0) {
            out.add(warning(
                    endpoints,
                    "InvalidIPAddress",
                    "Skipped %d invalid IP addresses when mirroring to EndpointSlices".formatted(mirrored.invalid())));
        }
        if (mirrored.skipped() > mirrored.invalid()) {
            out.add(warning(
                    endpoints,
                    "TooManyAddressesToMirror",
                    ("A max of %d addresses can be mirrored to EndpointSlices per Endpoints subset."
                                    + " %d addresses were skipped")
                            .formatted(Mirrored.LIMIT, mirrored.skipped())));
        }
        return out;
    }

    private static Write warning(ObjectNode endpoints, String reason, String message) {
        return new Write.Announce(Resource.ENDPOINTS, endpoints, true, reason, message);
    }
}
