package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Rules of EndpointSlices (upstream `pkg/apis/discovery/validation`).
final class EndpointSliceRules implements KindRules {

    private static final Set<String> TYPES = Set.of("IPv4", "IPv6", "FQDN");
    private static final int ENDPOINTS_MAX = 1_000;
    private static final int ADDRESSES_MAX = 100;
    private static final int PORTS_MAX = 100;

    @Override
    public void applyDefaults(ObjectNode slice) {
        for (ObjectNode port : Tree.objects(slice, "ports")) {
            if (!Tree.has(port, "name")) {
                port.put("name", "");
            }
            if (!Tree.has(port, "protocol")) {
                port.put("protocol", "TCP");
            }
        }
    }

    @Override
    public List<Cause> validateCreate(ObjectNode slice) {
        Causes causes = new Causes();
        String type = Tree.text(slice, "addressType");
        PodValidation.choice(causes, "addressType", type, TYPES);
        List<ObjectNode> endpoints = Tree.objects(slice, "endpoints");
        if (endpoints.size() > ENDPOINTS_MAX) {
            causes.tooMany("endpoints", endpoints.size(), ENDPOINTS_MAX);
        } else {
            for (int i = 0; i < endpoints.size(); i++) {
                endpoint(causes, "endpoints[" + i + "]", endpoints.get(i), type);
            }
        }
        List<ObjectNode> ports = Tree.objects(slice, "ports");
        if (ports.size() > PORTS_MAX) {
            causes.tooMany("ports", ports.size(), PORTS_MAX);
        } else {
            ports(causes, ports);
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        causes.addAll(validateCreate(now));
        if (!Tree.text(old, "addressType").equals(Tree.text(now, "addressType"))) {
            causes.invalid("addressType", Tree.text(now, "addressType"), "field is immutable");
        }
        return causes.list();
    }

    private static void endpoint(Causes causes, String field, ObjectNode endpoint, String type) {
        List<String> addresses = Tree.texts(endpoint, "addresses");
        if (addresses.isEmpty()) {
            causes.required(field + ".addresses", "must contain at least 1 address");
        } else if (addresses.size() > ADDRESSES_MAX) {
            causes.tooMany(field + ".addresses", addresses.size(), ADDRESSES_MAX);
        }
        for (int i = 0; i < addresses.size(); i++) {
            address(causes, field + ".addresses[" + i + "]", addresses.get(i), type);
        }
        String hostname = Tree.text(endpoint, "hostname");
        if (!hostname.isEmpty()) {
            causes.invalidEach(field + ".hostname", hostname, Names.label(hostname));
        }
        String node = Tree.text(endpoint, "nodeName");
        if (!node.isEmpty()) {
            causes.invalidEach(field + ".nodeName", node, Names.subdomain(node));
        }
    }

    private static void address(Causes causes, String field, String text, String type) {
        if (type.equals("FQDN")) {
            causes.invalidEach(field, text, Names.subdomain(text));
            return;
        }
        Optional<IpAddress> address = IpAddress.tryParse(text);
        if (address.isEmpty()) {
            causes.invalid(field, text, ServiceAddressValidation.IP_TEXT);
        } else if (TYPES.contains(type) && !address.get().family().apiName().equals(type)) {
            causes.invalid(field, text, "must be an " + type + " address");
        } else {
            ServiceAddressValidation.reachable(causes, field, address.get());
        }
    }

    private static void ports(Causes causes, List<ObjectNode> ports) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            String field = "ports[" + i + "]";
            String name = Tree.text(port, "name");
            if (!name.isEmpty()) {
                causes.invalidEach(field + ".name", name, Names.label(name));
            }
            if (!names.add(name)) {
                causes.duplicate(field + ".name", Causes.quoted(name));
            }
            ServicePortValidation.protocol(causes, field, port);
            if (Tree.has(port, "port")) {
                long number = Tree.number(port, 0, "port");
                Names.port(number).forEach(why -> causes.invalid(field + ".port", number, why));
            }
            String application = Tree.text(port, "appProtocol");
            if (!application.isEmpty()) {
                causes.invalidEach(field + ".appProtocol", application, Names.qualified(application));
            }
        }
    }
}
