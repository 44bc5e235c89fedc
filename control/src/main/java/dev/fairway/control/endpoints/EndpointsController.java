package dev.fairway.control.endpoints;

import dev.fairway.address.IpFamily;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Canonical;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the old Endpoints objects of Services with a selector, for clients that do not read EndpointSlices.
public final class EndpointsController implements Controller {

    static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    private static final String MANAGER = "endpoint-controller";
    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

    @Override
    public String name() {
        return "endpoint-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                Trigger.self(Resource.SERVICES),
                new Trigger(Resource.PODS, ServiceWork::ofPod),
                new Trigger(
                        Resource.ENDPOINTS,
                        (snapshot, key, before, now) -> List.of(WorkKey.of(Resource.SERVICES, key)),
                        ServiceWork.FOREIGN_CHANGE_DELAY));
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        Optional<ObjectNode> existing = snapshot.get(Resource.ENDPOINTS, key.namespace(), key.name());
        Optional<ObjectNode> service = snapshot.get(key);
        if (service.isEmpty()) {
            return existing.filter(EndpointsController::isOurs)
                    .map(left -> Decision.of("the Service is gone", Write.Delete.of(Resource.ENDPOINTS, left)))
                    .orElse(Decision.NOTHING);
        }
        return service.filter(ServiceWork::hasSelectedEndpoints)
                .map(it -> decide(snapshot, it, existing))
                .orElse(Decision.NOTHING);
    }

    private static Decision decide(Snapshot snapshot, ObjectNode service, Optional<ObjectNode> existing) {
        IpFamily family = WantedEndpoints.familiesOf(service).getFirst();
        List<ObjectNode> pods = WantedEndpoints.selectedPods(service, snapshot);
        WantedEndpoints wanted = WantedEndpoints.withoutNodes(service, family, pods, snapshot);
        boolean publish = Tree.flag(service, "spec", "publishNotReadyAddresses");
        ObjectNode object = shape(service, existing, Subsets.of(wanted, family, publish));
        if (existing.filter(had -> same(had, object)).isPresent()) {
            return Decision.NOTHING;
        }
        setTriggerTime(object, service, existing, wanted);
        return Decision.of(
                "Endpoints differ from the selected pods",
                existing.isPresent()
                        ? new Write.Update(Resource.ENDPOINTS, object)
                        : Write.Create.of(Resource.ENDPOINTS, object));
    }

    private static void setTriggerTime(
            ObjectNode object, ObjectNode service, Optional<ObjectNode> existing, WantedEndpoints wanted) {
        ObjectNode annotations = Tree.makeObject(object, "metadata", "annotations");
        annotations.remove(SliceShape.TRIGGER_TIME);
        TriggerTime.of(
                        wanted,
                        existing.isEmpty() ? Optional.of(service) : Optional.empty(),
                        existing.map(Subsets::readinessOf).orElse(Map.of()))
                .ifPresent(time -> annotations.put(SliceShape.TRIGGER_TIME, time.toString()));
    }

    @Override
    public List<Write> refused(Snapshot snapshot, WorkKey key, ApiException refusal) {
        Optional<ObjectNode> existing = snapshot.get(Resource.ENDPOINTS, key.namespace(), key.name());
        ObjectNode about = existing.orElseGet(() -> named(key));
        String text = refusal.text();
        return List.of(
                existing.isPresent()
                        ? new Write.Announce(
                                Resource.ENDPOINTS,
                                about,
                                true,
                                "FailedToUpdateEndpoint",
                                "Failed to update endpoint %s: %s".formatted(key.object(), text))
                        : new Write.Announce(
                                Resource.ENDPOINTS,
                                about,
                                true,
                                "FailedToCreateEndpoint",
                                "Failed to create endpoint for service %s: %s".formatted(key.object(), text)));
    }

    private static ObjectNode named(WorkKey key) {
        ObjectNode out = Json.object();
        Tree.makeObject(out, "metadata").put("namespace", key.namespace()).put("name", key.name());
        return out;
    }

    private static ObjectNode shape(JsonNode service, Optional<ObjectNode> existing, Subsets subsets) {
        ObjectNode out = existing.map(ObjectNode::deepCopy).orElseGet(Json::object);
        ObjectNode meta = Tree.makeObject(out, "metadata");
        meta.put("namespace", Meta.namespace(service)).put("name", Meta.name(service));
        SortedMap<String, String> labels = new TreeMap<>(ServiceWork.labelsOf(service));
        labels.put(MANAGED_BY, MANAGER);
        labels.forEach(meta.putObject("labels")::put);
        if (subsets.truncated()) {
            Tree.makeObject(meta, "annotations").put(OVER_CAPACITY, "truncated");
        } else if (Tree.has(meta, "annotations", OVER_CAPACITY)) {
            Tree.makeObject(meta, "annotations").remove(OVER_CAPACITY);
        }
        out.set("subsets", subsets.subsets());
        return out;
    }

    private static boolean same(ObjectNode had, ObjectNode wanted) {
        boolean bothEmpty =
                Tree.at(had, "subsets").isEmpty() && Tree.at(wanted, "subsets").isEmpty();
        return Canonical.equal(Tree.at(had, "metadata"), Tree.at(wanted, "metadata"))
                && (bothEmpty || Canonical.equal(Tree.at(had, "subsets"), Tree.at(wanted, "subsets")));
    }

    private static boolean isOurs(JsonNode endpoints) {
        return Tree.text(endpoints, "metadata", "labels", MANAGED_BY).equals(MANAGER);
    }
}
