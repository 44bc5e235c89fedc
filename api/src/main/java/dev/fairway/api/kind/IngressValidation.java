package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks the spec of an Ingress.
final class IngressValidation {

    private static final Set<String> PATH_TYPES = Set.of("Exact", "Prefix", "ImplementationSpecific");
    private static final List<String> NOT_IN_PATH = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final List<String> NOT_AT_END = List.of("/..", "/.");

    private IngressValidation() {}

    static void spec(Causes causes, JsonNode spec) {
        List<ObjectNode> rules = Tree.objects(spec, "rules");
        JsonNode backend = Tree.at(spec, "defaultBackend");
        if (rules.isEmpty() && backend.isMissingNode()) {
            causes.invalid("spec", Tree.at(spec, "rules"), "either `defaultBackend` or `rules` must be specified");
        }
        if (!backend.isMissingNode()) {
            backend(causes, "spec.defaultBackend", backend);
        }
        for (int i = 0; i < rules.size(); i++) {
            rule(causes, "spec.rules[" + i + "]", rules.get(i));
        }
        List<ObjectNode> tls = Tree.objects(spec, "tls");
        for (int i = 0; i < tls.size(); i++) {
            tls(causes, "spec.tls[" + i + "]", tls.get(i));
        }
        JsonNode name = Tree.at(spec, "ingressClassName");
        if (name.isString()) {
            causes.invalidEach("spec.ingressClassName", name.stringValue(), Names.subdomain(name.stringValue()));
        }
    }

    private static void tls(Causes causes, String field, ObjectNode tls) {
        List<String> hosts = Tree.texts(tls, "hosts");
        for (int i = 0; i < hosts.size(); i++) {
            host(causes, field + ".hosts[" + i + "]", hosts.get(i));
        }
        String secret = Tree.text(tls, "secretName");
        if (!secret.isEmpty()) {
            causes.invalidEach(field + ".secretName", secret, Names.subdomain(secret));
        }
    }

    private static void host(Causes causes, String field, String host) {
        causes.invalidEach(field, host, host.contains("*") ? Names.wildcardSubdomain(host) : Names.subdomain(host));
    }

    static void noAddress(Causes causes, String field, String host) {
        if (IpAddress.tryParse(host).isPresent()) {
            causes.invalid(field, host, "must be a DNS name, not an IP address");
        }
    }

    private static void rule(Causes causes, String field, ObjectNode rule) {
        String host = Tree.text(rule, "host");
        if (!host.isEmpty()) {
            noAddress(causes, field + ".host", host);
            host(causes, field + ".host", host);
        }
        if (!Tree.has(rule, "http")) {
            return;
        }
        List<ObjectNode> paths = Tree.objects(rule, "http", "paths");
        if (paths.isEmpty()) {
            causes.required(field + ".http.paths", "");
        }
        for (int i = 0; i < paths.size(); i++) {
            path(causes, field + ".http.paths[" + i + "]", paths.get(i));
        }
    }

    private static void path(Causes causes, String field, ObjectNode entry) {
        if (!Tree.has(entry, "pathType")) {
            causes.required(field + ".pathType", "pathType must be specified");
            return;
        }
        String type = Tree.text(entry, "pathType");
        String path = Tree.text(entry, "path");
        if (!PATH_TYPES.contains(type)) {
            causes.unsupported(field + ".pathType", type, PATH_TYPES);
        } else if (!path.startsWith("/") && !(path.isEmpty() && type.equals("ImplementationSpecific"))) {
            causes.invalid(field + ".path", path, "must be an absolute path");
        }
        if (type.equals("Exact") || type.equals("Prefix")) {
            plainPath(causes, field + ".path", path);
        }
        backend(causes, field + ".backend", Tree.at(entry, "backend"));
    }

    private static void plainPath(Causes causes, String field, String path) {
        NOT_IN_PATH.stream()
                .filter(path::contains)
                .forEach(bad -> causes.invalid(field, path, "must not contain '" + bad + "'"));
        NOT_AT_END.stream()
                .filter(path::endsWith)
                .forEach(bad -> causes.invalid(field, path, "cannot end with '" + bad + "'"));
    }

    private static void backend(Causes causes, String field, JsonNode backend) {
        JsonNode resource = Tree.at(backend, "resource");
        JsonNode service = Tree.at(backend, "service");
        if (!resource.isMissingNode() && !service.isMissingNode()) {
            causes.invalid(field, "", "cannot set both resource and service backends");
        } else if (!resource.isMissingNode()) {
            reference(causes, field + ".resource", resource);
        } else if (!service.isMissingNode()) {
            service(causes, field, service);
        } else {
            causes.invalid(field, "", "resource or service backend is required");
        }
    }

    private static void service(Causes causes, String field, JsonNode service) {
        String name = Tree.text(service, "name");
        if (name.isEmpty()) {
            causes.required(field + ".service.name", "");
        } else {
            causes.invalidEach(field + ".service.name", name, Names.label(name));
        }
        String port = Tree.text(service, "port", "name");
        long number = Tree.number(service, 0, "port", "number");
        if (!port.isEmpty() && number != 0) {
            causes.invalid(field, "", "cannot set both port name & port number");
        } else if (!port.isEmpty()) {
            causes.invalidEach(field + ".service.port.name", port, Names.portName(port));
        } else if (number != 0) {
            Names.port(number).forEach(why -> causes.invalid(field + ".service.port.number", number, why));
        } else {
            causes.required(field, "port name or number is required");
        }
    }

    /// A reference to an object of any kind: its group, kind and name.
    static void reference(Causes causes, String field, JsonNode reference) {
        JsonNode group = Tree.at(reference, "apiGroup");
        if (group.isString()) {
            causes.invalidEach(field + ".apiGroup", group.stringValue(), Names.subdomain(group.stringValue()));
        }
        for (String part : List.of("kind", "name")) {
            String text = Tree.text(reference, part);
            if (text.isEmpty()) {
                causes.required(field + "." + part, "");
            } else {
                causes.invalidEach(field + "." + part, text, Names.pathSegment(text));
            }
        }
    }
}
