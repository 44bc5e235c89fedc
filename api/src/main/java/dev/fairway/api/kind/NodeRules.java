package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Rules of nodes: pod blocks are blocks, and stay once set.
final class NodeRules implements KindRules {

    @Override
    public void applyDefaults(ObjectNode node) {
        ObjectNode spec = Tree.makeObject(node, "spec");
        List<String> blocks = Tree.texts(spec, "podCIDRs");
        String single = Tree.text(spec, "podCIDR");
        if (blocks.isEmpty() && !single.isEmpty()) {
            spec.putArray("podCIDRs").add(single);
        } else if (!blocks.isEmpty() && single.isEmpty()) {
            spec.put("podCIDR", blocks.getFirst());
        }
    }

    @Override
    public List<Cause> validateCreate(ObjectNode node) {
        Causes causes = new Causes();
        List<String> blocks = Tree.texts(node, "spec", "podCIDRs");
        for (int i = 0; i < blocks.size(); i++) {
            if (Cidr.tryParse(blocks.get(i)).isEmpty()) {
                causes.invalid("spec.podCIDRs[" + i + "]", blocks.get(i), ServiceAddressValidation.CIDR_TEXT);
            }
        }
        if (!blocks.isEmpty() && !blocks.getFirst().equals(Tree.text(node, "spec", "podCIDR"))) {
            causes.invalid("spec.podCIDRs[0]", blocks.getFirst(), "must match `podCIDR`");
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        causes.addAll(validateCreate(now));
        for (String field : List.of("podCIDRs", "providerID")) {
            if (Tree.has(old, "spec", field) && !ServiceFields.same(old, now, field)) {
                causes.forbidden(
                        "spec." + field, "node updates may not change " + field + " except from \"\" to valid");
            }
        }
        return causes.list();
    }
}
