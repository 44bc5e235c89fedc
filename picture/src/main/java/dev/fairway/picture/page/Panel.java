package dev.fairway.picture.page;

import dev.fairway.address.IpAddress;
import dev.fairway.picture.Choice;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneEndpoint;
import dev.fairway.picture.SceneNode;
import dev.fairway.picture.ScenePort;
import dev.fairway.picture.SceneReader;
import dev.fairway.picture.SceneService;
import dev.fairway.picture.explain.Explainer;
import dev.fairway.picture.explain.Finding;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import dev.fairway.schema.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// All that a page tells about one Service.
public final class Panel {

    private static final List<String> POLICIES = List.of(
            "internalTrafficPolicy",
            "externalTrafficPolicy",
            "sessionAffinity",
            "ipFamilyPolicy",
            "trafficDistribution");

    private Panel() {}

    /// @param events of the Service
    /// @param connections to each endpoint's address, of the Service it is given
    /// @param drops packets to the Service that did not pass
    /// @return empty when there is no such Service
    public static Optional<ObjectNode> of(
            ClusterObjects objects,
            ObjectKey key,
            List<ObjectNode> events,
            Function<ObjectNode, Map<IpAddress, Long>> connections,
            List<Drop> drops) {
        Optional<ObjectNode> found = objects.services().stream()
                .filter(service -> Meta.key(service).equals(key))
                .findFirst();
        return found.map(service -> {
            Scene scene = SceneReader.read(objects, new Choice(key.namespace(), key.name()));
            ObjectNode out = Json.object().put("namespace", key.namespace()).put("name", key.name());
            scene.services().forEach(drawn -> {
                addPods(out.putArray("pods"), drawn, connections.apply(service));
                addTargets(out.putArray("targets"), drawn, scene.nodes());
            });
            addDrops(out.putArray("drops"), drops);
            addPolicies(out.putObject("policies"), service);
            addFindings(out.putArray("findings"), new Explainer(objects).explain(key));
            addEvents(out.putArray("events"), events);
            return out.put("yaml", yaml(service));
        });
    }

    private static void addPods(ArrayNode out, SceneService service, Map<IpAddress, Long> connections) {
        long all = service.endpoints().stream()
                .mapToLong(endpoint -> among(connections, endpoint))
                .sum();
        String ports =
                service.ports().stream().map(port -> port.target()).distinct().collect(Collectors.joining(", "));
        for (SceneEndpoint endpoint : service.endpoints()) {
            out.addObject()
                    .put("name", endpoint.pod())
                    .put("state", endpoint.state().words())
                    .put(
                            "addresses",
                            endpoint.addresses().stream().map(Object::toString).collect(Collectors.joining(", ")))
                    .put("node", endpoint.node())
                    .put("ports", ports)
                    .put("connections", share(among(connections, endpoint), all));
        }
    }

    private static long among(Map<IpAddress, Long> connections, SceneEndpoint endpoint) {
        return endpoint.addresses().stream()
                .mapToLong(address -> connections.getOrDefault(address, 0L))
                .sum();
    }

    private static String share(long own, long all) {
        return all == 0 ? "0" : own + " (" + Math.round(100.0 * own / all) + " %)";
    }

    /// Where one can connect to the Service, in the words of `fairway trace`: its name, its load balancer, a door.
    private static void addTargets(ArrayNode out, SceneService service, List<SceneNode> nodes) {
        for (ScenePort port : service.ports()) {
            String protocol = port.protocolWords().toLowerCase(Locale.ROOT);
            out.add(service.name() + "." + service.service().namespace() + ":" + port.port() + protocol);
            service.balancers().stream()
                    .flatMap(text -> IpAddress.tryParse(text).stream())
                    .forEach(address -> out.add(address.withPort(port.port()) + protocol));
            nodes.stream()
                    .filter(_ -> port.nodePort() > 0)
                    .flatMap(node -> node.doors().stream().limit(1))
                    .forEach(door -> out.add(door.withPort(port.nodePort()) + protocol));
        }
    }

    /// The newest first.
    private static void addDrops(ArrayNode out, List<Drop> drops) {
        drops.stream()
                .sorted(Comparator.comparing(Drop::until).reversed())
                .forEach(drop -> out.addObject()
                        .put("node", drop.node())
                        .put("frontend", drop.frontend())
                        .put("reason", drop.reason())
                        .put("packets", drop.packets())
                        .put("after", drop.after().toEpochMilli())
                        .put("until", drop.until().toEpochMilli()));
    }

    private static void addPolicies(ObjectNode out, ObjectNode service) {
        for (String field : POLICIES) {
            String value = Tree.text(service, "spec", field);
            if (!value.isEmpty()) {
                out.put(field, value);
            }
        }
    }

    private static void addFindings(ArrayNode out, List<Finding> findings) {
        for (Finding finding : findings) {
            ObjectNode entry = out.addObject()
                    .put("code", finding.code().label())
                    .put("severity", finding.code().severity().name().toLowerCase(Locale.ROOT))
                    .put("sentence", finding.sentence())
                    .put("fix", finding.fix())
                    .put("page", finding.code().page());
            finding.evidence().forEach(entry.putArray("evidence")::add);
        }
    }

    private static void addEvents(ArrayNode out, List<ObjectNode> events) {
        for (ObjectNode event : events) {
            out.addObject()
                    .put("type", Tree.text(event, "type"))
                    .put("reason", Tree.text(event, "reason"))
                    .put("message", Tree.text(event, "message"));
        }
    }

    /// What one would apply to have the same Service elsewhere.
    private static String yaml(ObjectNode service) {
        ObjectNode out = Json.object().put("apiVersion", "v1").put("kind", "Service");
        ObjectNode metadata = out.putObject("metadata");
        metadata.put("name", Meta.name(service)).put("namespace", Meta.namespace(service));
        Tree.carry(Tree.at(service, "metadata"), metadata, "labels");
        Tree.carry(Tree.at(service, "metadata"), metadata, "annotations");
        Tree.carry(service, out, "spec");
        return new String(Yaml.toBytes(out), StandardCharsets.UTF_8);
    }
}
