package dev.fairway.control.endpoints;

import dev.fairway.control.Indexes;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.control.object.Owners;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The EndpointSlices of one owner as objects.
///
/// @param owner the Service, or the Endpoints that are mirrored
/// @param labels all labels of the slices
/// @param annotations for mirrored slices, all annotations; those of other slices belong to whoever set them
record SliceShape(
        Resource resource, ObjectNode owner, SortedMap<String, String> labels, SortedMap<String, String> annotations) {

    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";
    static final String MIRRORER = "endpointslicemirroring-controller.k8s.io";
    static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

    /// Slices of a Service with a selector: its own labels and those that say whose slice it is.
    static SliceShape ofService(ObjectNode service) {
        SortedMap<String, String> labels = new TreeMap<>(ServiceWork.labelsOf(service));
        labels.put(Indexes.SERVICE_NAME, Meta.name(service));
        labels.put(MANAGED_BY, MANAGER);
        return new SliceShape(Resource.SERVICES, service, labels, new TreeMap<>());
    }

    /// Slices that mirror Endpoints which somebody else writes.
    static SliceShape ofEndpoints(ObjectNode endpoints) {
        SortedMap<String, String> labels = new TreeMap<>(Meta.labels(endpoints));
        labels.remove(EndpointsController.MANAGED_BY);
        labels.put(Indexes.SERVICE_NAME, Meta.name(endpoints));
        labels.put(MANAGED_BY, MIRRORER);
        SortedMap<String, String> annotations = new TreeMap<>(Meta.annotations(endpoints));
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        annotations.remove(TRIGGER_TIME);
        return new SliceShape(Resource.ENDPOINTS, endpoints, labels, annotations);
    }

    /// Slices of pods tell when the change began, and one of them always remains.
    boolean isOfPods() {
        return resource.equals(Resource.SERVICES);
    }

    /// A slice of an owner that is gone, although it had the same name, is nobody's.
    boolean owns(JsonNode slice) {
        return Owners.uids(slice).contains(Meta.uid(owner));
    }

    /// The slice's labels and annotations are not as they should be.
    boolean differsFrom(JsonNode slice) {
        SortedMap<String, String> had = new TreeMap<>(Meta.annotations(slice));
        had.remove(TRIGGER_TIME);
        return !Meta.labels(slice).equals(labels) || (!isOfPods() && !had.equals(annotations));
    }

    ObjectNode create(Group group, List<ObjectNode> endpoints, Optional<Instant> triggerTime) {
        ObjectNode slice = Json.object();
        ObjectNode meta = Tree.makeObject(slice, "metadata");
        meta.put("generateName", Meta.name(owner) + "-").put("namespace", Meta.namespace(owner));
        meta.putArray("ownerReferences").add(Owners.controllerReference(resource, owner));
        slice.put("addressType", group.family().apiName());
        fill(slice, group, endpoints, triggerTime);
        return slice;
    }

    /// The existing slice with other contents; its address type stays.
    ObjectNode change(ObjectNode existing, Group group, List<ObjectNode> endpoints, Optional<Instant> triggerTime) {
        ObjectNode slice = existing.deepCopy();
        fill(slice, group, endpoints, triggerTime);
        return slice;
    }

    private void fill(ObjectNode slice, Group group, List<ObjectNode> endpoints, Optional<Instant> triggerTime) {
        ObjectNode meta = Tree.makeObject(slice, "metadata");
        labels.forEach(meta.putObject("labels")::put);
        ObjectNode texts = isOfPods() ? Tree.makeObject(meta, "annotations") : meta.putObject("annotations");
        texts.remove(TRIGGER_TIME);
        annotations.forEach(texts::put);
        triggerTime.ifPresent(time -> texts.put(TRIGGER_TIME, time.toString()));
        if (texts.isEmpty()) {
            meta.remove("annotations");
        }
        ArrayNode list = slice.putArray("endpoints");
        endpoints.forEach(endpoint -> list.add(endpoint.deepCopy()));
        ArrayNode ports = slice.putArray("ports");
        group.ports().forEach(port -> ports.add(port.toJson()));
    }
}
