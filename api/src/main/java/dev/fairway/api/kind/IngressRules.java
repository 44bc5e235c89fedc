package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Rules of Ingresses, which are kept for controllers that act on them (upstream `pkg/apis/networking/validation`).
final class IngressRules implements KindRules {

    private static final String CLASS = "kubernetes.io/ingress.class";

    @Override
    public void beforeCreate(WriteScope scope, ObjectNode ingress) {
        ingress.putObject("status").putObject("loadBalancer");
    }

    @Override
    public List<Cause> validateCreate(ObjectNode ingress) {
        Causes causes = new Causes();
        IngressValidation.spec(causes, Tree.at(ingress, "spec"));
        String annotated = Meta.annotation(ingress, CLASS);
        boolean both = Meta.annotations(ingress).containsKey(CLASS) && Tree.has(ingress, "spec", "ingressClassName");
        if (both && !annotated.equals(Tree.text(ingress, "spec", "ingressClassName"))) {
            causes.invalid("annotations." + CLASS, annotated, "must match `ingressClassName` when both are specified");
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        IngressValidation.spec(causes, Tree.at(now, "spec"));
        return causes.list();
    }

    @Override
    public List<Cause> validateStatusUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        List<ObjectNode> points = Tree.objects(now, "status", "loadBalancer", "ingress");
        for (int i = 0; i < points.size(); i++) {
            String field = "status.loadBalancer.ingress[" + i + "]";
            String ip = Tree.text(points.get(i), "ip");
            if (!ip.isEmpty() && IpAddress.tryParse(ip).isEmpty()) {
                causes.invalid(field + ".ip", ip, ServiceAddressValidation.IP_TEXT);
            }
            String hostname = Tree.text(points.get(i), "hostname");
            if (!hostname.isEmpty()) {
                causes.invalidEach(field + ".hostname", hostname, Names.subdomain(hostname));
                IngressValidation.noAddress(causes, field + ".hostname", hostname);
            }
        }
        return causes.list();
    }

    @Override
    public List<String> warnings(Optional<ObjectNode> old, ObjectNode now) {
        boolean deprecated =
                old.isEmpty() && Meta.annotations(now).containsKey(CLASS) && !Tree.has(now, "spec", "ingressClassName");
        return deprecated
                ? List.of("annotation \"" + CLASS + "\" is deprecated, please use 'spec.ingressClassName' instead")
                : List.of();
    }
}
