package dev.fairway.api.kind;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The form of IPAddresses: the name is an address in its usual form, and who uses it is said once and for all
/// (upstream `pkg/apis/networking/validation`).
final class IpAddressRules implements KindRules {

    @Override
    public List<String> nameErrors(String name) {
        Optional<IpAddress> address = IpAddress.tryParse(name);
        if (address.isEmpty()) {
            return List.of(ServiceAddressValidation.IP_TEXT);
        }
        String canonical = address.get().toString();
        return canonical.equals(name) ? List.of() : List.of("must be in canonical form (\"" + canonical + "\")");
    }

    @Override
    public List<Cause> validateCreate(ObjectNode address) {
        Causes causes = new Causes();
        JsonNode parent = Tree.at(address, "spec", "parentRef");
        if (parent.isMissingNode()) {
            causes.required("spec.parentRef", "");
            return causes.list();
        }
        String group = Tree.text(parent, "group");
        if (!group.isEmpty()) {
            causes.invalidEach("spec.parentRef.group", group, Names.subdomain(group));
        }
        segment(causes, parent, "resource", true);
        segment(causes, parent, "name", true);
        segment(causes, parent, "namespace", false);
        return causes.list();
    }

    private static void segment(Causes causes, JsonNode parent, String part, boolean required) {
        String field = "spec.parentRef." + part;
        String text = Tree.text(parent, part);
        if (!text.isEmpty()) {
            causes.invalidEach(field, text, Names.pathSegment(text));
        } else if (required) {
            causes.required(field, "");
        }
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        causes.addAll(validateCreate(now));
        if (!Tree.at(old, "spec", "parentRef").equals(Tree.at(now, "spec", "parentRef"))) {
            causes.invalid("spec.parentRef", Tree.at(now, "spec", "parentRef"), "field is immutable");
        }
        return causes.list();
    }
}
