package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Checks `status.loadBalancer` of a Service.
final class ServiceStatusValidation {

    private ServiceStatusValidation() {}

    /// An address that stood in the old status stays accepted.
    static List<Cause> validate(ObjectNode old, ObjectNode service) {
        Causes causes = new Causes();
        List<ObjectNode> ingresses = Tree.objects(service, "status", "loadBalancer", "ingress");
        if (!ServiceFields.isLoadBalancer(service) && !ingresses.isEmpty()) {
            causes.forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is 'LoadBalancer'");
            return causes.list();
        }
        List<String> before = Tree.objects(old, "status", "loadBalancer", "ingress").stream()
                .map(ingress -> Tree.text(ingress, "ip"))
                .toList();
        for (int i = 0; i < ingresses.size(); i++) {
            String field = "status.loadBalancer.ingress[" + i + "]";
            String ip = Tree.text(ingresses.get(i), "ip");
            if (!ip.isEmpty() && !before.contains(ip)) {
                AddressForm.ip(causes, field + ".ip", ip);
            }
            ingress(causes, field, ingresses.get(i));
        }
        return causes.list();
    }

    private static void ingress(Causes causes, String field, ObjectNode ingress) {
        String ip = Tree.text(ingress, "ip");
        String mode = Tree.text(ingress, "ipMode");
        if (!ip.isEmpty() && mode.isEmpty()) {
            causes.required(field + ".ipMode", "must be specified when `ip` is set");
        } else if (ip.isEmpty() && !mode.isEmpty()) {
            causes.forbidden(field + ".ipMode", "may not be specified when `ip` is not set");
        } else if (!mode.isEmpty() && !Set.of("VIP", "Proxy").contains(mode)) {
            causes.unsupported(field + ".ipMode", mode, Set.of("VIP", "Proxy"));
        }
        String host = Tree.text(ingress, "hostname");
        if (!host.isEmpty()) {
            causes.invalidEach(field + ".hostname", host, Names.subdomain(host));
            if (IpAddress.tryParse(host).isPresent()) {
                causes.invalid(field + ".hostname", host, "must be a DNS name, not an IP address");
            }
        }
        List<ObjectNode> ports = Tree.objects(ingress, "ports");
        for (int i = 0; i < ports.size(); i++) {
            port(causes, field + ".ports[" + i + "]", ports.get(i));
        }
    }

    private static void port(Causes causes, String field, ObjectNode port) {
        ServicePortValidation.protocol(causes, field, port);
        long number = Tree.number(port, 0, "port");
        Names.port(number).forEach(why -> causes.invalid(field + ".port", number, why));
        String error = Tree.text(port, "error");
        if (!error.isEmpty()) {
            causes.invalidEach(field + ".error", error, Names.qualified(error));
        }
    }
}
