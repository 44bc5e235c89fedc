package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Fills what a pod's spec leaves out; used for pods and for the templates of their owners. Idempotent.
final class PodDefaults {

    private PodDefaults() {}

    static void apply(ObjectNode spec) {
        absent(spec, "restartPolicy", "Always");
        absent(spec, "dnsPolicy", "ClusterFirst");
        absent(spec, "schedulerName", "default-scheduler");
        absent(spec, "terminationGracePeriodSeconds", 30);
        Tree.makeObject(spec, "securityContext");
        boolean hostNetwork = Tree.flag(spec, "hostNetwork");
        for (String list : List.of("initContainers", "containers")) {
            Tree.objects(spec, list).forEach(container -> container(container, hostNetwork));
        }
        Tree.objects(spec, "volumes").forEach(PodDefaults::volume);
    }

    private static void container(ObjectNode container, boolean hostNetwork) {
        absent(container, "terminationMessagePath", "/dev/termination-log");
        absent(container, "terminationMessagePolicy", "File");
        if (!Tree.text(container, "image").isEmpty()) {
            absent(container, "imagePullPolicy", isNewest(Tree.text(container, "image")) ? "Always" : "IfNotPresent");
        }
        requests(Tree.makeObject(container, "resources"));
        for (ObjectNode port : Tree.objects(container, "ports")) {
            absent(port, "protocol", "TCP");
            JsonNode number = Tree.at(port, "containerPort");
            if (hostNetwork && !number.isMissingNode()) {
                port.set("hostPort", number);
            }
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof ObjectNode found) {
                probe(found);
            }
        }
        for (ObjectNode variable : Tree.objects(container, "env")) {
            if (Tree.at(variable, "valueFrom", "fieldRef") instanceof ObjectNode field) {
                absent(field, "apiVersion", "v1");
            }
        }
    }

    /// No tag and no digest means the tag `latest`.
    private static boolean isNewest(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        return image.endsWith(":latest") || (!last.contains(":") && !last.contains("@"));
    }

    /// A limit without a request is also the request.
    private static void requests(ObjectNode resources) {
        Tree.at(resources, "limits").properties().forEach(limit -> {
            ObjectNode requests = Tree.makeObject(resources, "requests");
            if (!requests.has(limit.getKey())) {
                requests.set(limit.getKey(), limit.getValue());
            }
        });
    }

    private static void probe(ObjectNode probe) {
        absent(probe, "timeoutSeconds", 1);
        absent(probe, "periodSeconds", 10);
        absent(probe, "successThreshold", 1);
        absent(probe, "failureThreshold", 3);
        if (probe.get("httpGet") instanceof ObjectNode http) {
            absent(http, "path", "/");
            absent(http, "scheme", "HTTP");
        }
        if (probe.get("grpc") instanceof ObjectNode grpc && !grpc.has("service")) {
            grpc.put("service", "");
        }
    }

    private static void volume(ObjectNode volume) {
        for (String source : List.of("configMap", "secret", "downwardAPI", "projected")) {
            if (volume.get(source) instanceof ObjectNode found) {
                absent(found, "defaultMode", 420);
            }
        }
        if (volume.size() == 1 && volume.has("name")) {
            volume.putObject("emptyDir");
        }
    }

    private static void absent(ObjectNode object, String field, String value) {
        if (Tree.text(object, field).isEmpty()) {
            object.put(field, value);
        }
    }

    private static void absent(ObjectNode object, String field, int value) {
        if (!Tree.has(object, field)) {
            object.put(field, value);
        }
    }
}
