package dev.fairway.control.endpoints;

import dev.fairway.control.object.Pods;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an EndpointSlice says about one pod.
final class EndpointShape {

    static final String ZONE = "topology.kubernetes.io/zone";

    private final JsonNode service;

    EndpointShape(JsonNode service) {
        this.service = service;
    }

    /// @param node the pod's node, if it is known
    ObjectNode of(JsonNode pod, Optional<ObjectNode> node, String address) {
        ObjectNode out = Json.object();
        out.putArray("addresses").add(address);
        boolean serving = Pods.isReady(pod);
        boolean terminating = Meta.isBeingDeleted(pod);
        boolean ready = Tree.flag(service, "spec", "publishNotReadyAddresses") || (serving && !terminating);
        out.putObject("conditions").put("ready", ready).put("serving", serving).put("terminating", terminating);
        putText(out, "hostname", hostname(pod));
        putText(out, "nodeName", Pods.nodeName(pod));
        out.set("targetRef", podReference(pod));
        String zone = node.map(it -> Meta.labels(it).getOrDefault(ZONE, "")).orElse("");
        putText(out, "zone", zone);
        if (ready) {
            putHints(out, zone, Pods.nodeName(pod));
        }
        return out;
    }

    /// The pod's own name in a headless Service, when the pod asks for one under this Service.
    String hostname(JsonNode pod) {
        String hostname = Tree.text(pod, "spec", "hostname");
        return Tree.text(pod, "spec", "subdomain").equals(Meta.name(service)) ? hostname : "";
    }

    static ObjectNode podReference(JsonNode pod) {
        return Json.object()
                .put("kind", "Pod")
                .put("namespace", Meta.namespace(pod))
                .put("name", Meta.name(pod))
                .put("uid", Meta.uid(pod));
    }

    private void putHints(ObjectNode out, String zone, String node) {
        if (ZoneHints.areAskedFor(service)) {
            return;
        }
        String distribution = Tree.text(service, "spec", "trafficDistribution");
        boolean sameNode = distribution.equals("PreferSameNode");
        boolean sameZone = sameNode || distribution.equals("PreferSameZone") || distribution.equals("PreferClose");
        if (sameZone && !zone.isEmpty()) {
            Tree.makeArray(Tree.makeObject(out, "hints"), "forZones")
                    .addObject()
                    .put("name", zone);
        }
        if (sameNode && !node.isEmpty()) {
            Tree.makeArray(Tree.makeObject(out, "hints"), "forNodes")
                    .addObject()
                    .put("name", node);
        }
    }

    private static void putText(ObjectNode out, String field, String text) {
        if (!text.isEmpty()) {
            out.put(field, text);
        }
    }
}
