package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules of NetworkPolicies, which are kept for those who enforce them (upstream `pkg/apis/networking/validation`).
final class NetworkPolicyRules implements KindRules {

    private static final Set<String> TYPES = Set.of("Ingress", "Egress");
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");

    @Override
    public void applyDefaults(ObjectNode policy) {
        ObjectNode spec = Tree.makeObject(policy, "spec");
        Tree.makeObject(spec, "podSelector");
        for (String direction : List.of("ingress", "egress")) {
            for (ObjectNode rule : Tree.objects(spec, direction)) {
                for (ObjectNode port : Tree.objects(rule, "ports")) {
                    if (!Tree.has(port, "protocol")) {
                        port.put("protocol", "TCP");
                    }
                }
            }
        }
        if (Tree.texts(spec, "policyTypes").isEmpty()) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (!Tree.at(spec, "egress").isEmpty()) {
                types.add("Egress");
            }
        }
    }

    @Override
    public List<Cause> validateCreate(ObjectNode policy) {
        return validate(policy, Set.of());
    }

    /// A block that stood before may stay, wherever it stands now.
    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Set<String> accepted = new HashSet<>();
        for (ObjectNode rule : Tree.objects(old, "spec", "ingress")) {
            blocks(Tree.objects(rule, "from"), accepted);
        }
        for (ObjectNode rule : Tree.objects(old, "spec", "egress")) {
            blocks(Tree.objects(rule, "to"), accepted);
        }
        return validate(now, accepted);
    }

    private static void blocks(List<ObjectNode> peers, Set<String> into) {
        for (ObjectNode peer : peers) {
            into.add(Tree.text(peer, "ipBlock", "cidr"));
            into.addAll(Tree.texts(peer, "ipBlock", "except"));
        }
    }

    private static List<Cause> validate(ObjectNode policy, Set<String> accepted) {
        Causes causes = new Causes();
        JsonNode spec = Tree.at(policy, "spec");
        SelectorValidation.selector(causes, "spec.podSelector", Tree.at(spec, "podSelector"));
        rules(causes, "spec.ingress", Tree.objects(spec, "ingress"), "from", accepted);
        rules(causes, "spec.egress", Tree.objects(spec, "egress"), "to", accepted);
        List<String> types = Tree.texts(spec, "policyTypes");
        if (types.size() > TYPES.size()) {
            causes.invalid("spec.policyTypes", types, "may not specify more than two policyTypes");
            return causes.list();
        }
        for (int i = 0; i < types.size(); i++) {
            if (!TYPES.contains(types.get(i))) {
                causes.unsupported("spec.policyTypes[" + i + "]", types.get(i), TYPES);
            }
        }
        return causes.list();
    }

    private static void rules(Causes causes, String field, List<ObjectNode> rules, String peers, Set<String> accepted) {
        for (int i = 0; i < rules.size(); i++) {
            String here = field + "[" + i + "]";
            List<ObjectNode> ports = Tree.objects(rules.get(i), "ports");
            for (int k = 0; k < ports.size(); k++) {
                port(causes, here + ".ports[" + k + "]", ports.get(k));
            }
            List<ObjectNode> all = Tree.objects(rules.get(i), peers);
            for (int k = 0; k < all.size(); k++) {
                peer(causes, here + "." + peers + "[" + k + "]", all.get(k), accepted);
            }
        }
    }

    private static void port(Causes causes, String field, ObjectNode entry) {
        String protocol = Tree.text(entry, "protocol");
        if (!PROTOCOLS.contains(protocol)) {
            causes.unsupported(field + ".protocol", protocol, PROTOCOLS);
        }
        JsonNode port = Tree.at(entry, "port");
        JsonNode end = Tree.at(entry, "endPort");
        if (port.isString()) {
            if (!end.isMissingNode()) {
                causes.invalid(field + ".endPort", end, "may not be specified when `port` is non-numeric");
            }
            causes.invalidEach(field + ".port", port.stringValue(), Names.portName(port.stringValue()));
        } else if (port.isIntegralNumber()) {
            Names.port(port.longValue()).forEach(why -> causes.invalid(field + ".port", port, why));
            endPort(causes, field + ".endPort", port.longValue(), end);
        } else if (!end.isMissingNode()) {
            causes.invalid(field + ".endPort", end, "may not be specified when `port` is not specified");
        }
    }

    private static void endPort(Causes causes, String field, long port, JsonNode end) {
        if (end.isMissingNode()) {
            return;
        }
        if (end.longValue() < port) {
            causes.invalid(field, end, "must be greater than or equal to `port`");
        }
        Names.port(end.longValue()).forEach(why -> causes.invalid(field, end, why));
    }

    private static void peer(Causes causes, String field, ObjectNode peer, Set<String> accepted) {
        boolean selects = false;
        for (String selector : List.of("podSelector", "namespaceSelector")) {
            if (Tree.has(peer, selector)) {
                selects = true;
                SelectorValidation.selector(causes, field + "." + selector, Tree.at(peer, selector));
            }
        }
        boolean block = Tree.has(peer, "ipBlock");
        if (block) {
            block(causes, field + ".ipBlock", Tree.at(peer, "ipBlock"), accepted);
        }
        if (!block && !selects) {
            causes.required(field, "must specify a peer");
        } else if (block && selects) {
            causes.forbidden(field, "may not specify both ipBlock and another peer");
        }
    }

    private static void block(Causes causes, String field, JsonNode block, Set<String> accepted) {
        String text = Tree.text(block, "cidr");
        if (text.isEmpty()) {
            causes.required(field + ".cidr", "");
            return;
        }
        Optional<Cidr> whole = cidr(causes, field + ".cidr", text, accepted);
        List<String> except = Tree.texts(block, "except");
        for (int i = 0; whole.isPresent() && i < except.size(); i++) {
            String here = field + ".except[" + i + "]";
            Optional<Cidr> part = cidr(causes, here, except.get(i), accepted);
            if (part.isPresent()
                    && !(whole.get().contains(part.get())
                            && whole.get().prefix() < part.get().prefix())) {
                causes.invalid(here, except.get(i), "must be a strict subset of `cidr`");
            }
        }
    }

    private static Optional<Cidr> cidr(Causes causes, String field, String text, Set<String> accepted) {
        Optional<Cidr> lenient = Cidr.lenient(text);
        if (Cidr.tryParse(text).isEmpty() && !accepted.contains(text)) {
            causes.invalid(
                    field,
                    text,
                    lenient.isEmpty()
                            ? ServiceAddressValidation.CIDR_TEXT
                            : "must not have bits set beyond the prefix length");
        }
        return lenient;
    }
}
