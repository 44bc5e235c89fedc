package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks `spec.ports` of a Service.
final class ServicePortValidation {

    static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");

    private ServicePortValidation() {}

    static void any(Causes causes, ObjectNode service) {
        boolean needed = !ServiceFields.isHeadless(service) && !ServiceFields.isExternalName(service);
        if (needed && ServiceFields.ports(service).isEmpty()) {
            causes.required("spec.ports", "");
        }
    }

    static void each(Causes causes, ObjectNode service) {
        List<ObjectNode> ports = ServiceFields.ports(service);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            String field = "spec.ports[" + i + "]";
            name(causes, field, port, ports.size() > 1, names);
            number(causes, field, port);
            protocol(causes, field, port);
            targetPort(causes, field, port);
            String appProtocol = Tree.text(port, "appProtocol");
            if (Tree.has(port, "appProtocol")) {
                causes.invalidEach(field + ".appProtocol", appProtocol, Names.qualified(appProtocol));
            }
        }
    }

    /// Node ports only where the type has them, and no entry twice.
    static void nodePorts(Causes causes, ObjectNode service) {
        List<ObjectNode> ports = ServiceFields.ports(service);
        if (ServiceFields.type(service).equals("ClusterIP")) {
            for (int i = 0; i < ports.size(); i++) {
                if (ServiceFields.nodePort(ports.get(i)) != 0) {
                    causes.forbidden("spec.ports[" + i + "].nodePort", "may not be used when `type` is 'ClusterIP'");
                }
            }
        }
        distinctNodePorts(causes, ports);
        distinctPorts(causes, ports);
    }

    private static void name(Causes causes, String field, ObjectNode port, boolean required, Set<String> names) {
        String name = Tree.text(port, "name");
        if (name.isEmpty()) {
            if (required) {
                causes.required(field + ".name", "");
            }
            return;
        }
        causes.invalidEach(field + ".name", name, Names.label(name));
        if (!names.add(name)) {
            causes.duplicate(field + ".name", Causes.quoted(name));
        }
    }

    private static void number(Causes causes, String field, ObjectNode port) {
        long number = Tree.number(port, 0, "port");
        Names.port(number).forEach(why -> causes.invalid(field + ".port", number, why));
    }

    static void protocol(Causes causes, String field, ObjectNode port) {
        String protocol = ServiceFields.protocol(port);
        if (protocol.isEmpty()) {
            causes.required(field + ".protocol", "");
        } else if (!PROTOCOLS.contains(protocol)) {
            causes.unsupported(field + ".protocol", protocol, PROTOCOLS);
        }
    }

    private static void targetPort(Causes causes, String field, ObjectNode port) {
        JsonNode target = Tree.at(port, "targetPort");
        if (target.isString()) {
            causes.invalidEach(field + ".targetPort", target.stringValue(), Names.portName(target.stringValue()));
        } else {
            long number = Tree.number(port, 0, "targetPort");
            Names.port(number).forEach(why -> causes.invalid(field + ".targetPort", number, why));
        }
    }

    private static void distinctPorts(Causes causes, List<ObjectNode> ports) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            long number = Tree.number(ports.get(i), 0, "port");
            String protocol = ServiceFields.protocol(ports.get(i));
            if (!seen.add(number + "/" + protocol)) {
                causes.duplicate(
                        "spec.ports[" + i + "]",
                        "{\"Name\":\"\",\"Protocol\":\"" + protocol + "\",\"AppProtocol\":null,\"Port\":" + number
                                + ",\"TargetPort\":0,\"NodePort\":0}");
            }
        }
    }

    private static void distinctNodePorts(Causes causes, List<ObjectNode> ports) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            long number = ServiceFields.nodePort(ports.get(i));
            if (number != 0 && !seen.add(number + "/" + ServiceFields.protocol(ports.get(i)))) {
                causes.duplicate("spec.ports[" + i + "].nodePort", String.valueOf(number));
            }
        }
    }
}
