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

/// The EndpointSlices of one Service as objects.
final class SliceShape {

    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";
    static final String HEADLESS = "service.kubernetes.io/headless";
    static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

    private final JsonNode service;
    private final Optional<Instant> triggerTime;

    /// @param triggerTime when the change happened that the slices to be written answer
    SliceShape(JsonNode service, Optional<Instant> triggerTime) {
        this.service = service;
        this.triggerTime = triggerTime;
    }

    /// The Service's own labels and those that say whose slice it is.
    static SortedMap<String, String> labels(JsonNode service) {
        SortedMap<String, String> out = new TreeMap<>(Meta.labels(service));
        out.remove(HEADLESS);
        out.put(Indexes.SERVICE_NAME, Meta.name(service));
        out.put(MANAGED_BY, MANAGER);
        String address = Tree.text(service, "spec", "clusterIP");
        if (address.isEmpty() || address.equals("None")) {
            out.put(HEADLESS, "");
        }
        return out;
    }

    ObjectNode create(Group group, List<ObjectNode> endpoints) {
        ObjectNode slice = Json.object();
        ObjectNode meta = Tree.makeObject(slice, "metadata");
        meta.put("generateName", Meta.name(service) + "-").put("namespace", Meta.namespace(service));
        meta.putArray("ownerReferences").add(Owners.controllerReference(Resource.SERVICES, service));
        slice.put("addressType", group.family().apiName());
        fill(slice, group, endpoints);
        return slice;
    }

    /// The existing slice with other contents; its address type stays.
    ObjectNode change(ObjectNode existing, Group group, List<ObjectNode> endpoints) {
        ObjectNode slice = existing.deepCopy();
        fill(slice, group, endpoints);
        return slice;
    }

    private void fill(ObjectNode slice, Group group, List<ObjectNode> endpoints) {
        ObjectNode meta = Tree.makeObject(slice, "metadata");
        ObjectNode labels = meta.putObject("labels");
        labels(service).forEach(labels::put);
        ObjectNode annotations = Tree.makeObject(meta, "annotations");
        annotations.remove(TRIGGER_TIME);
        triggerTime.ifPresent(time -> annotations.put(TRIGGER_TIME, time.toString()));
        if (annotations.isEmpty()) {
            meta.remove("annotations");
        }
        ArrayNode list = slice.putArray("endpoints");
        endpoints.forEach(endpoint -> list.add(endpoint.deepCopy()));
        ArrayNode ports = slice.putArray("ports");
        group.ports().forEach(port -> ports.add(port.toJson()));
    }
}
