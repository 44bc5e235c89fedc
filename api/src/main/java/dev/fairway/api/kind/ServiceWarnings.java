package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Sentences about a Service that is accepted but probably not what its author wants.
final class ServiceWarnings {

    private static final String HINTS = "service.kubernetes.io/topology-aware-hints";

    private ServiceWarnings() {}

    /// In upstream's order, then ours.
    static List<String> of(Optional<ObjectNode> old, ObjectNode service) {
        List<String> warnings = new ArrayList<>();
        if (Tree.has(service, "metadata", "annotations", HINTS)) {
            warnings.add("annotation " + HINTS + " is deprecated, please use"
                    + " service.kubernetes.io/topology-mode instead");
        }
        each(service, "clusterIPs", (field, text) -> ip(warnings, field, text));
        if (ServiceFields.type(service).equals("ClusterIP") && ServiceFields.isHeadless(service)) {
            headless(warnings, service);
        }
        addresses(warnings, service);
        type(warnings, service);
        if (Tree.text(service, "spec", "trafficDistribution").equals("PreferClose")) {
            warnings.add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
        }
        twins(warnings, old, service);
        return warnings;
    }

    private static void headless(List<String> warnings, ObjectNode service) {
        if (!Tree.text(service, "spec", "loadBalancerIP").isEmpty()) {
            warnings.add("spec.loadBalancerIP is ignored for headless services");
        }
        if (!Tree.texts(service, "spec", "externalIPs").isEmpty()) {
            warnings.add("spec.externalIPs is ignored for headless services");
        }
        if (!Tree.text(service, "spec", "sessionAffinity").equals("None")) {
            warnings.add("spec.SessionAffinity is ignored for headless services");
        }
    }

    private static void type(List<String> warnings, ObjectNode service) {
        boolean named = !Tree.text(service, "spec", "externalName").isEmpty();
        boolean addressed = !Tree.texts(service, "spec", "externalIPs").isEmpty();
        if (addressed && ServiceFields.isExternalName(service)) {
            warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (named && !ServiceFields.isExternalName(service)) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (addressed) {
            warnings.add("spec.externalIPs is deprecated");
        }
    }

    private static void addresses(List<String> warnings, ObjectNode service) {
        each(service, "externalIPs", (field, text) -> ip(warnings, field, text));
        String single = Tree.text(service, "spec", "loadBalancerIP");
        if (!single.isEmpty()) {
            ip(warnings, "spec.loadBalancerIP", single);
        }
        each(service, "loadBalancerSourceRanges", (field, text) -> range(warnings, field, text.strip()));
    }

    private static void range(List<String> warnings, String field, String text) {
        Cidr.lenient(text).filter(cidr -> !cidr.toString().equals(text)).ifPresent(cidr -> {
            String quoted = Causes.quoted(text);
            IpAddress base = IpAddress.parse(text.substring(0, text.lastIndexOf('/')));
            if (!base.equals(cidr.base())) {
                warnings.add(field + ": CIDR value " + quoted + " is ambiguous in this context (should be \"" + cidr
                        + "\" or \"" + base.toCidr() + "\"?)");
            } else {
                warnings.add(field + ": IPv6 CIDR value " + quoted + " should be in RFC 5952 canonical format (\""
                        + cidr + "\")");
            }
        });
    }

    private interface Check {
        void check(String field, String text);
    }

    private static void each(ObjectNode service, String field, Check check) {
        List<String> texts = Tree.texts(service, "spec", field);
        for (int i = 0; i < texts.size(); i++) {
            check.check("spec." + field + "[" + i + "]", texts.get(i));
        }
    }

    private static void ip(List<String> warnings, String field, String text) {
        IpAddress.tryParse(text)
                .filter(address -> !address.toString().equals(text))
                .ifPresent(address -> warnings.add(field + ": IPv6 address " + Causes.quoted(text)
                        + " should be in RFC 5952 canonical format (\"" + address + "\")"));
    }

    /// kubernetes#39188: a strategic merge patch keys ports by number alone.
    private static void twins(List<String> warnings, Optional<ObjectNode> old, ObjectNode service) {
        Map<Long, Integer> counts = new HashMap<>();
        ServiceFields.ports(service).forEach(port -> counts.merge(Tree.number(port, 0, "port"), 1, Integer::sum));
        boolean news = old.map(was -> !Tree.at(was, "spec", "ports").equals(Tree.at(service, "spec", "ports")))
                .orElse(true);
        counts.forEach((port, count) -> {
            if (count > 1 && news) {
                warnings.add("spec.ports: port " + port + " stands here for several protocols; `kubectl apply` without"
                        + " --server-side merges ports by number and may drop one of them");
            }
        });
    }

    /// A strategic merge that was meant for one of two ports with one number has hit the other.
    static List<String> lostTwins(ObjectNode old, ObjectNode now) {
        Map<Long, Set<String>> after = protocols(now);
        List<String> warnings = new ArrayList<>();
        protocols(old).forEach((port, before) -> {
            Set<String> left = after.getOrDefault(port, Set.of());
            if (!left.isEmpty() && !left.containsAll(before)) {
                warnings.add("spec.ports: port " + port + " stood here for " + String.join(" and ", before)
                        + " and now stands for " + String.join(" and ", left) + " only: a strategic merge tells ports"
                        + " apart by number alone; use `kubectl apply --server-side`, or send all ports");
            }
        });
        return warnings;
    }

    private static Map<Long, Set<String>> protocols(ObjectNode service) {
        Map<Long, Set<String>> out = new TreeMap<>();
        for (ObjectNode port : ServiceFields.ports(service)) {
            String protocol = Tree.text(port, "protocol");
            out.computeIfAbsent(Tree.number(port, 0, "port"), _ -> new TreeSet<>())
                    .add(protocol.isEmpty() ? "TCP" : protocol);
        }
        return out;
    }
}
