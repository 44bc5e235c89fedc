package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Rules of Endpoints, the older form of EndpointSlices.
final class EndpointsRules implements KindRules {

    @Override
    public void applyDefaults(ObjectNode endpoints) {
        for (ObjectNode subset : Tree.objects(endpoints, "subsets")) {
            for (ObjectNode port : Tree.objects(subset, "ports")) {
                if (!Tree.has(port, "protocol")) {
                    port.put("protocol", "TCP");
                }
            }
        }
    }

    @Override
    public List<Cause> validateCreate(ObjectNode endpoints) {
        Causes causes = new Causes();
        List<ObjectNode> subsets = Tree.objects(endpoints, "subsets");
        for (int i = 0; i < subsets.size(); i++) {
            subset(causes, "subsets[" + i + "]", subsets.get(i));
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        return validateCreate(now);
    }

    private static void subset(Causes causes, String field, ObjectNode subset) {
        List<ObjectNode> all = new ArrayList<>();
        for (String list : List.of("addresses", "notReadyAddresses")) {
            List<ObjectNode> addresses = Tree.objects(subset, list);
            all.addAll(addresses);
            for (int i = 0; i < addresses.size(); i++) {
                address(causes, field + "." + list + "[" + i + "]", addresses.get(i));
            }
        }
        if (all.isEmpty()) {
            causes.required(field, "must specify `addresses` or `notReadyAddresses`");
        }
        List<ObjectNode> ports = Tree.objects(subset, "ports");
        for (int i = 0; i < ports.size(); i++) {
            port(causes, field + ".ports[" + i + "]", ports.get(i), ports.size() > 1);
        }
    }

    private static void address(Causes causes, String field, ObjectNode entry) {
        String ip = Tree.text(entry, "ip");
        Optional<IpAddress> address = IpAddress.tryParse(ip);
        if (address.isEmpty()) {
            causes.invalid(field + ".ip", ip, ServiceAddressValidation.IP_TEXT);
        } else {
            ServiceAddressValidation.reachable(causes, field + ".ip", address.get());
        }
        String hostname = Tree.text(entry, "hostname");
        if (!hostname.isEmpty()) {
            causes.invalidEach(field + ".hostname", hostname, Names.label(hostname));
        }
    }

    private static void port(Causes causes, String field, ObjectNode port, boolean named) {
        String name = Tree.text(port, "name");
        if (name.isEmpty() && named) {
            causes.required(field + ".name", "");
        } else if (!name.isEmpty()) {
            causes.invalidEach(field + ".name", name, Names.label(name));
        }
        long number = Tree.number(port, 0, "port");
        Names.port(number).forEach(why -> causes.invalid(field + ".port", number, why));
        ServicePortValidation.protocol(causes, field, port);
    }

    @Override
    public List<String> warnings(Optional<ObjectNode> old, ObjectNode now) {
        return List.of("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
    }
}
