package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks one container: name, image, ports, environment, mounts, probes.
final class ContainerValidation {

    private static final Set<String> PULLS = Set.of("Always", "IfNotPresent", "Never");
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final List<String> HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc");

    private ContainerValidation() {}

    /// @param names of the containers before this one; its own is added
    /// @param volumes names of the pod's volumes
    static void container(Causes causes, String field, ObjectNode container, Set<String> names, Set<String> volumes) {
        String name = Tree.text(container, "name");
        if (name.isEmpty()) {
            causes.required(field + ".name", "");
        } else {
            causes.invalidEach(field + ".name", name, Names.label(name));
            if (!names.add(name)) {
                causes.duplicate(field + ".name", Causes.quoted(name));
            }
        }
        String image = Tree.text(container, "image");
        if (image.isBlank()) {
            causes.required(field + ".image", "");
        } else if (!image.equals(image.strip())) {
            causes.invalid(field + ".image", image, "must not have leading or trailing whitespace");
        }
        if (!image.isBlank()) {
            PodValidation.choice(causes, field + ".imagePullPolicy", Tree.text(container, "imagePullPolicy"), PULLS);
        }
        ports(causes, field + ".ports", Tree.objects(container, "ports"));
        environment(causes, field + ".env", Tree.objects(container, "env"));
        mounts(causes, field + ".volumeMounts", Tree.objects(container, "volumeMounts"), volumes);
        for (String probe : PROBES) {
            if (container.get(probe) instanceof ObjectNode found) {
                probe(causes, field + "." + probe, found, probe.equals("readinessProbe"));
            }
        }
    }

    private static void ports(Causes causes, String field, List<ObjectNode> ports) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            String at = field + "[" + i + "]";
            String name = Tree.text(port, "name");
            if (!name.isEmpty()) {
                causes.invalidEach(at + ".name", name, Names.portName(name));
                if (!names.add(name)) {
                    causes.duplicate(at + ".name", Causes.quoted(name));
                }
            }
            long number = Tree.number(port, 0, "containerPort");
            if (number == 0) {
                causes.required(at + ".containerPort", "");
            } else {
                Names.port(number).forEach(why -> causes.invalid(at + ".containerPort", number, why));
            }
            long host = Tree.number(port, 0, "hostPort");
            if (host != 0) {
                Names.port(host).forEach(why -> causes.invalid(at + ".hostPort", host, why));
            }
            ServicePortValidation.protocol(causes, at, port);
        }
    }

    private static void environment(Causes causes, String field, List<ObjectNode> variables) {
        for (int i = 0; i < variables.size(); i++) {
            String name = Tree.text(variables.get(i), "name");
            String at = field + "[" + i + "]";
            if (name.isEmpty()) {
                causes.required(at + ".name", "");
            } else if (!name.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '=')) {
                causes.invalid(
                        at + ".name",
                        name,
                        "a valid environment variable name must consist only of printable ASCII characters other"
                                + " than '='");
            }
            boolean both = !Tree.text(variables.get(i), "value").isEmpty() && Tree.has(variables.get(i), "valueFrom");
            if (both) {
                causes.invalid(at + ".valueFrom", "", "may not be specified when `value` is not empty");
            }
        }
    }

    private static void mounts(Causes causes, String field, List<ObjectNode> mounts, Set<String> volumes) {
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            String name = Tree.text(mounts.get(i), "name");
            String path = Tree.text(mounts.get(i), "mountPath");
            String at = field + "[" + i + "]";
            if (name.isEmpty()) {
                causes.required(at + ".name", "");
            } else if (!volumes.contains(name)) {
                causes.notFound(at + ".name", name);
            }
            if (path.isEmpty()) {
                causes.required(at + ".mountPath", "");
            } else if (!paths.add(path)) {
                causes.invalid(at + ".mountPath", path, "must be unique");
            }
        }
    }

    private static void probe(Causes causes, String field, ObjectNode probe, boolean repeats) {
        List<String> handlers = HANDLERS.stream().filter(probe::has).toList();
        if (handlers.isEmpty()) {
            causes.required(field, "must specify a handler type");
        }
        for (String extra : handlers.stream().skip(1).toList()) {
            causes.forbidden(field + "." + extra, "may not specify more than 1 handler type");
        }
        for (String number : List.of(
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            PodValidation.notNegative(causes, field + "." + number, probe, number);
        }
        long successes = Tree.number(probe, 1, "successThreshold");
        if (!repeats && successes != 1) {
            causes.invalid(field + ".successThreshold", successes, "must be 1");
        }
        for (String handler : List.of("httpGet", "tcpSocket", "grpc")) {
            if (probe.has(handler)) {
                port(causes, field + "." + handler + ".port", Tree.at(probe, handler, "port"));
            }
        }
    }

    private static void port(Causes causes, String field, JsonNode port) {
        if (port.isString()) {
            causes.invalidEach(field, port.stringValue(), Names.portName(port.stringValue()));
        } else {
            long number = port.isIntegralNumber() ? port.longValue() : 0;
            Names.port(number).forEach(why -> causes.invalid(field, number, why));
        }
    }
}
