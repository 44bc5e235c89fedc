package dev.fairway.picture;

import dev.fairway.schema.Json;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A scene for programs.
public final class SceneJson {

    private SceneJson() {}

    public static ObjectNode of(Scene scene) {
        ObjectNode out = Json.object().put("title", scene.title());
        ArrayNode nodes = out.putArray("nodes");
        scene.nodes().forEach(node -> node(nodes, node));
        ArrayNode pods = out.putArray("pods");
        scene.pods().forEach(pod -> pod(pods, pod));
        ArrayNode services = out.putArray("services");
        scene.services().forEach(service -> service(services, service));
        return out;
    }

    private static void node(ArrayNode out, SceneNode node) {
        ObjectNode entry = out.addObject().put("name", node.name()).put("ready", node.ready());
        texts(entry, "outside", node.outside());
        texts(entry, "inside", node.inside());
    }

    private static void pod(ArrayNode out, ScenePod pod) {
        ObjectNode entry = out.addObject().put("namespace", pod.namespace()).put("name", pod.name());
        entry.put("node", pod.node()).put("state", pod.state().words());
        texts(entry, "addresses", pod.addresses());
        ArrayNode ports = entry.putArray("ports");
        pod.ports().forEach(ports::add);
    }

    private static void service(ArrayNode out, SceneService service) {
        ObjectNode entry =
                out.addObject().put("namespace", service.service().namespace()).put("name", service.name());
        entry.put("type", service.type().apiName()).put("headless", service.headless());
        texts(entry, "addresses", service.addresses());
        ArrayNode ports = entry.putArray("ports");
        service.ports()
                .forEach(port -> ports.addObject()
                        .put("name", port.name())
                        .put("protocol", port.protocol().toString())
                        .put("port", port.port())
                        .put("targetPort", port.target())
                        .put("nodePort", port.nodePort()));
        texts(entry, "loadBalancer", service.balancers());
        entry.put("externalName", service.externalName());
        entry.put("internalTrafficPolicy", policy(service.internal().toString()));
        entry.put("externalTrafficPolicy", policy(service.external().toString()));
        ArrayNode endpoints = entry.putArray("endpoints");
        for (SceneEndpoint endpoint : service.endpoints()) {
            ObjectNode end = endpoints.addObject();
            end.put("pod", endpoint.pod()).put("node", endpoint.node());
            end.put("state", endpoint.state().words());
            texts(end, "addresses", endpoint.addresses());
        }
    }

    /// `LOCAL` as the API writes it: `Local`.
    private static String policy(String constant) {
        return constant.charAt(0) + constant.substring(1).toLowerCase(Locale.ROOT);
    }

    private static void texts(ObjectNode owner, String field, List<?> values) {
        ArrayNode list = owner.putArray(field);
        values.forEach(value -> list.add(value.toString()));
    }
}
