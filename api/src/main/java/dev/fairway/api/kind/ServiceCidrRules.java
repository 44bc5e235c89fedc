package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The form of ServiceCIDRs: one block of a family, or one of each. They stay as they are, but a second family may be
/// added (upstream `pkg/apis/networking/validation`).
final class ServiceCidrRules implements KindRules {

    private static final String FIELD = "spec.cidrs";

    @Override
    public List<Cause> validateCreate(ObjectNode range) {
        Causes causes = new Causes();
        blocks(causes, Tree.texts(range, "spec", "cidrs"));
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        List<String> had = Tree.texts(old, "spec", "cidrs");
        List<String> has = Tree.texts(now, "spec", "cidrs");
        if (had.size() == has.size()) {
            same(causes, had, has);
        } else if (had.size() == 1 && has.size() == 2) {
            same(causes, had, has);
            blocks(causes, has);
        } else {
            causes.invalid(FIELD, has, "field is immutable");
        }
        return causes.list();
    }

    private static void same(Causes causes, List<String> had, List<String> has) {
        for (int i = 0; i < had.size(); i++) {
            if (!had.get(i).equals(has.get(i))) {
                causes.invalid(FIELD + "[" + i + "]", has.get(i), "field is immutable");
            }
        }
    }

    private static void blocks(Causes causes, List<String> blocks) {
        if (blocks.isEmpty()) {
            causes.required(FIELD, "at least one CIDR required");
            return;
        }
        if (blocks.size() > 2) {
            causes.invalid(FIELD, blocks, "may only hold up to 2 values");
            return;
        }
        for (int i = 0; i < blocks.size(); i++) {
            block(causes, FIELD + "[" + i + "]", blocks.get(i));
        }
        List<Cidr> parsed =
                blocks.stream().map(Cidr::lenient).flatMap(Optional::stream).toList();
        if (parsed.size() == 2 && parsed.getFirst().family() == parsed.getLast().family()) {
            causes.invalid(
                    FIELD,
                    blocks,
                    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
        }
    }

    private static void block(Causes causes, String field, String text) {
        Optional<Cidr> lenient = Cidr.lenient(text);
        if (lenient.isEmpty()) {
            causes.invalid(field, text, ServiceAddressValidation.CIDR_TEXT);
        } else if (Cidr.tryParse(text).isEmpty()) {
            causes.invalid(field, text, "must not have bits set beyond the prefix length");
        } else if (!lenient.get().toString().equals(text)) {
            causes.invalid(field, text, "must be in canonical form (\"" + lenient.get() + "\")");
        }
    }
}
