package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Checks the addresses, blocks and families of a Service, strictly (KEP-4858): no leading zeros, no IPv4-mapped
/// addresses, no host bits. An old value that an update leaves as it was stays accepted.
final class ServiceAddressValidation {

    static final String IP_TEXT = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    static final String CIDR_TEXT = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
    private static final String RANGES_ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String IPS = "spec.clusterIPs";

    private ServiceAddressValidation() {}

    /// `clusterIP`, `clusterIPs`, `ipFamilies` and `ipFamilyPolicy`, and how they fit together.
    static void clusterIps(Causes causes, ObjectNode service) {
        if (ServiceFields.isExternalName(service)) {
            return;
        }
        families(causes, service);
        String single = Tree.text(service, "spec", "clusterIP");
        List<String> texts = ServiceFields.clusterIps(service);
        if (texts.isEmpty()) {
            if (!single.isEmpty()) {
                causes.required(IPS, "");
            }
            return;
        }
        if (single.isEmpty()) {
            causes.invalid(IPS, texts, "must be empty when `clusterIP` is not specified");
        } else if (!single.equals(texts.getFirst())) {
            causes.invalid(IPS, texts, "first value must match `clusterIP`");
        }
        boolean wellFormed = each(causes, texts);
        if (texts.size() > 2) {
            causes.invalid(IPS, texts, "may only hold up to 2 values");
        } else if (wellFormed) {
            fit(causes, texts, ServiceFields.families(service));
        }
    }

    private static void families(Causes causes, ObjectNode service) {
        Set<String> seen = new HashSet<>();
        List<String> families = ServiceFields.families(service);
        for (int i = 0; i < families.size(); i++) {
            String field = "spec.ipFamilies[" + i + "]";
            if (!Set.of("IPv4", "IPv6").contains(families.get(i))) {
                causes.unsupported(field, families.get(i), Set.of("IPv4", "IPv6"));
            } else if (!seen.add(families.get(i))) {
                causes.duplicate(field, Causes.quoted(families.get(i)));
            }
        }
        Set<String> policies = Set.of("SingleStack", "PreferDualStack", "RequireDualStack");
        String policy = ServiceFields.familyPolicy(service);
        if (!policy.isEmpty() && !policies.contains(policy)) {
            causes.unsupported("spec.ipFamilyPolicy", policy, policies);
        }
    }

    /// @return whether every entry is an address
    private static boolean each(Causes causes, List<String> texts) {
        boolean wellFormed = true;
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            if (text.equals(ServiceFields.NONE)) {
                wellFormed = false;
                if (i > 0 || texts.size() > 1) {
                    causes.invalid(IPS + "[" + i + "]", text, "'None' must be the first and only value");
                }
            } else if (IpAddress.tryParse(text).isEmpty()) {
                wellFormed = false;
                causes.invalid(IPS + "[" + i + "]", text, IP_TEXT);
            }
        }
        return wellFormed;
    }

    private static void fit(Causes causes, List<String> texts, List<String> families) {
        List<String> actual = texts.stream()
                .map(text -> IpAddress.parse(text).family().apiName())
                .toList();
        if (actual.size() == 2 && actual.get(0).equals(actual.get(1))) {
            causes.invalid(IPS, texts, "may specify no more than one IP for each IP family");
        }
        for (int i = 0; i < Math.min(actual.size(), families.size()); i++) {
            if (!actual.get(i).equals(families.get(i))) {
                causes.invalid(
                        IPS + "[" + i + "]",
                        texts.get(i),
                        "expected an " + families.get(i) + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }

    static void externalIps(Causes causes, Optional<ObjectNode> old, ObjectNode service) {
        List<String> before =
                old.map(service_ -> Tree.texts(service_, "spec", "externalIPs")).orElse(List.of());
        List<String> texts = Tree.texts(service, "spec", "externalIPs");
        for (int i = 0; i < texts.size(); i++) {
            if (!before.contains(texts.get(i))) {
                externalIp(causes, "spec.externalIPs[" + i + "]", texts.get(i));
            }
        }
    }

    private static void externalIp(Causes causes, String field, String text) {
        Optional<IpAddress> address = IpAddress.tryParse(text);
        if (address.isEmpty()) {
            causes.invalid(field, text, IP_TEXT);
            return;
        }
        reachable(causes, field, address.get());
    }

    /// Refuses addresses that mean something else on every machine.
    static void reachable(Causes causes, String field, IpAddress address) {
        String text = address.toString();
        if (address.isUnspecified()) {
            causes.invalid(field, text, "may not be unspecified (" + text + ")");
        }
        if (address.isLoopback()) {
            causes.invalid(field, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (address.isLinkLocal()) {
            causes.invalid(field, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        if (address.isLinkLocalMulticast()) {
            causes.invalid(field, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    static void sourceRanges(Causes causes, Optional<ObjectNode> old, ObjectNode service) {
        List<String> ranges = Tree.texts(service, "spec", "loadBalancerSourceRanges");
        String annotation = Meta.annotation(service, RANGES_ANNOTATION);
        String annotationField = "metadata.annotations[" + RANGES_ANNOTATION + "]";
        if (!ServiceFields.isLoadBalancer(service)) {
            String why = "may only be used when `type` is 'LoadBalancer'";
            if (!ranges.isEmpty()) {
                causes.forbidden("spec.loadBalancerSourceRanges", why);
            } else if (!annotation.isEmpty()) {
                causes.forbidden(annotationField, why);
            }
            return;
        }
        List<String> before = old.map(was -> Tree.texts(was, "spec", "loadBalancerSourceRanges"))
                .orElse(List.of());
        for (int i = 0; i < ranges.size(); i++) {
            if (!before.contains(ranges.get(i))
                    && Cidr.tryParse(ranges.get(i).strip()).isEmpty()) {
                causes.invalid("spec.loadBalancerSourceRanges[" + i + "]", ranges.get(i), CIDR_TEXT);
            }
        }
        boolean changed = old.map(
                        was -> !Meta.annotation(was, RANGES_ANNOTATION).equals(annotation))
                .orElse(true);
        if (ranges.isEmpty() && changed && !annotation.isBlank()) {
            annotation(causes, annotationField, annotation);
        }
    }

    private static void annotation(Causes causes, String field, String text) {
        for (String range : text.split(",")) {
            if (Cidr.tryParse(range.strip()).isEmpty()) {
                causes.invalid(field, text, "must be a comma separated list of CIDRs e.g. 192.168.0.0/16,10.0.0.0/8");
                return;
            }
        }
    }
}
