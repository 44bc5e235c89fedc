package dev.fairway.picture;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A cluster of a test: API objects from a few words.
public final class TestCluster {

    private final Map<String, ObjectNode> nodes = new LinkedHashMap<>();
    private final Map<String, ObjectNode> pods = new LinkedHashMap<>();
    private final List<ObjectNode> services = new ArrayList<>();
    private final List<ObjectNode> slices = new ArrayList<>();

    /// The two nodes of the article.
    public static TestCluster article() {
        return new TestCluster().node("node-1", "4.4.4.1", "1.1.1.1").node("node-2", "4.4.4.2", "1.1.1.2");
    }

    public static ObjectNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    /// Outside and inside are one or two addresses each, with a comma between.
    public TestCluster node(String name, String outside, String inside) {
        ObjectNode node =
                json("{'metadata': {'name': '%s'}, 'status': {'conditions': [{'type': 'Ready', 'status': 'True'}]}}"
                        .formatted(name));
        var list = Tree.makeArray(Tree.makeObject(node, "status"), "addresses");
        words(outside)
                .forEach(address -> list.addObject().put("type", "ExternalIP").put("address", address));
        words(inside)
                .forEach(address -> list.addObject().put("type", "InternalIP").put("address", address));
        nodes.put(name, node);
        return this;
    }

    private static List<String> words(String text) {
        return Stream.of(text.split(",")).filter(word -> !word.isEmpty()).toList();
    }

    /// @param state `ready`, `not ready` or `terminating`
    public TestCluster pod(String name, String node, String addresses, int port, String state) {
        ObjectNode pod = json("""
                {'metadata': {'namespace': 'default', 'name': '%s'},
                 'spec': {'nodeName': '%s', 'containers': [{'name': 'c', 'ports': [{'containerPort': %d}]}]},
                 'status': {'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': '%s'}]}}
                """.formatted(name, node, port, state.equals("ready") ? "True" : "False"));
        ObjectNode status = Tree.makeObject(pod, "status");
        words(addresses)
                .forEach(address -> Tree.makeArray(status, "podIPs").addObject().put("ip", address));
        if (!addresses.isEmpty()) {
            status.put("podIP", words(addresses).getFirst());
        }
        if (state.equals("terminating")) {
            Tree.makeObject(pod, "metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        }
        pods.put(name, pod);
        return this;
    }

    public TestCluster without(String pod) {
        pods.remove(pod);
        return this;
    }

    /// @param behind the pods that its slices list
    public TestCluster service(String name, String spec, String balancer, String... behind) {
        return serviceIn("default", name, spec, balancer, behind);
    }

    public TestCluster serviceIn(String namespace, String name, String spec, String balancer, String... behind) {
        ObjectNode service =
                json("{'metadata': {'namespace': '%s', 'name': '%s'}, 'spec': {%s}}".formatted(namespace, name, spec));
        if (!balancer.isEmpty()) {
            Tree.makeArray(Tree.makeObject(service, "status", "loadBalancer"), "ingress")
                    .addObject()
                    .put("ip", balancer);
        }
        services.add(service);
        slice(service, "IPv4", 0, behind);
        slice(service, "IPv6", 1, behind);
        return this;
    }

    private void slice(ObjectNode service, String family, int index, String... behind) {
        ObjectNode slice = json(
                "{'metadata': {'namespace': '%s', 'name': '%s-%s', 'labels': {'kubernetes.io/service-name': '%s'}}, 'addressType': '%s'}"
                        .formatted(Meta.namespace(service), Meta.name(service), family, Meta.name(service), family));
        for (ObjectNode port : Tree.objects(service, "spec", "ports")) {
            Tree.makeArray(slice, "ports").addObject().put("port", (int) Tree.number(port, 0, "targetPort"));
        }
        for (String name : behind) {
            ObjectNode pod = Objects.requireNonNull(pods.get(name), name);
            List<ObjectNode> addresses = Tree.objects(pod, "status", "podIPs");
            if (index < addresses.size()) {
                addEndpoint(slice, pod, Tree.text(addresses.get(index), "ip"));
            }
        }
        if (slice.has("endpoints")) {
            slices.add(slice);
        }
    }

    private static void addEndpoint(ObjectNode slice, ObjectNode pod, String address) {
        boolean ready = Tree.text(Tree.objects(pod, "status", "conditions").getFirst(), "status")
                .equals("True");
        ObjectNode endpoint = Tree.makeArray(slice, "endpoints").addObject();
        Tree.makeArray(endpoint, "addresses").add(address);
        endpoint.put("nodeName", Tree.text(pod, "spec", "nodeName"));
        Tree.makeObject(endpoint, "conditions").put("ready", ready).put("terminating", Meta.isBeingDeleted(pod));
        Tree.makeObject(endpoint, "targetRef").put("kind", "Pod").put("name", Meta.name(pod));
    }

    public TestCluster object(String kind, String text) {
        (kind.equals("Service") ? services : slices).add(json(text));
        return this;
    }

    public ClusterObjects objects() {
        return new ClusterObjects(
                List.copyOf(nodes.values()), List.copyOf(pods.values()), List.copyOf(services), List.copyOf(slices));
    }

    public Scene scene() {
        return SceneReader.read(objects(), new Choice("default", ""));
    }
}
