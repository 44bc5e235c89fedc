package dev.fairway.api.kind;

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

    static final String IP_TEXT = AddressForm.IP_TEXT;
    static final String CIDR_TEXT = AddressForm.CIDR_TEXT;
    private static final String RANGES_ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String IPS = "spec.clusterIPs";
    private static final String ONLY_LB = "may only be used when `type` is 'LoadBalancer'";

    /// With a capital letter, as upstream names it in its refusals.
    private static final String RANGES = "spec.LoadBalancerSourceRanges";

    private ServiceAddressValidation() {}

    /// `clusterIP`, `clusterIPs`, `ipFamilies` and `ipFamilyPolicy`, and how they fit together.
    static void clusterIps(Causes causes, Optional<ObjectNode> old, ObjectNode service) {
        if (ServiceFields.isExternalName(service)) {
            return;
        }
        String single = Tree.text(service, "spec", "clusterIP");
        List<String> texts = ServiceFields.clusterIps(service);
        if (single.isEmpty() && !texts.isEmpty()) {
            causes.invalid(IPS, texts, "must be empty when `clusterIP` is not specified");
        } else if (!single.isEmpty() && texts.isEmpty()) {
            causes.required(IPS, "");
        } else if (!texts.isEmpty() && !single.equals(texts.getFirst())) {
            causes.invalid(IPS, texts, "first value must match `clusterIP`");
        }
        families(causes, service);
        boolean wellFormed = each(causes, old.map(ServiceFields::clusterIps).orElse(List.of()), texts);
        if (texts.size() > 2) {
            causes.invalid(IPS, texts, "may only hold up to 2 values");
        }
        if (wellFormed) {
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
            }
            if (!seen.add(families.get(i))) {
                causes.duplicate(field, Causes.quoted(families.get(i)));
            }
        }
        Set<String> policies = Set.of("SingleStack", "PreferDualStack", "RequireDualStack");
        String policy = ServiceFields.familyPolicy(service);
        if (!policy.isEmpty() && !policies.contains(policy)) {
            causes.unsupported("spec.ipFamilyPolicy", policy, policies);
        }
    }

    /// @return whether every entry is an address, or the only one is `None`
    private static boolean each(Causes causes, List<String> before, List<String> texts) {
        boolean wellFormed = true;
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            if (i == 0 && text.equals(ServiceFields.NONE)) {
                if (texts.size() > 1) {
                    causes.invalid(IPS, texts, "'None' must be the first and only value");
                    wellFormed = false;
                }
            } else if (!before.contains(text)) {
                wellFormed &= AddressForm.ip(causes, IPS + "[" + i + "]", text);
            }
        }
        return wellFormed;
    }

    private static void fit(Causes causes, List<String> texts, List<String> families) {
        List<String> actual = texts.stream()
                .flatMap(text -> AddressForm.family(text).stream())
                .toList();
        if (texts.size() > 1 && Set.copyOf(actual).size() < 2) {
            causes.invalid(IPS, texts, "may specify no more than one IP for each IP family");
        }
        for (int i = 0; i < Math.min(actual.size(), families.size()); i++) {
            String family = families.get(i);
            if (Set.of("IPv4", "IPv6").contains(family) && !actual.get(i).equals(family)) {
                causes.invalid(
                        IPS + "[" + i + "]",
                        texts.get(i),
                        "expected an " + family + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }

    static void externalIps(Causes causes, Optional<ObjectNode> old, ObjectNode service) {
        List<String> before =
                old.map(was -> Tree.texts(was, "spec", "externalIPs")).orElse(List.of());
        List<String> texts = Tree.texts(service, "spec", "externalIPs");
        for (int i = 0; i < texts.size(); i++) {
            String field = "spec.externalIPs[" + i + "]";
            String text = texts.get(i);
            if (before.contains(text) || AddressForm.ip(causes, field, text)) {
                IpAddress.tryParse(text).ifPresent(address -> reachable(causes, field, text, address));
            }
        }
    }

    /// Refuses addresses that mean something else on every machine.
    static void reachable(Causes causes, String field, IpAddress address) {
        reachable(causes, field, address.toString(), address);
    }

    private static void reachable(Causes causes, String field, String text, IpAddress address) {
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
        if (ranges.isEmpty()) {
            annotation(causes, old, service);
            return;
        }
        if (!ServiceFields.isLoadBalancer(service)) {
            causes.forbidden(RANGES, ONLY_LB);
        }
        List<String> before =
                old.map(was -> Tree.texts(was, "spec", "loadBalancerSourceRanges")).orElse(List.of()).stream()
                        .map(String::strip)
                        .toList();
        for (int i = 0; i < ranges.size(); i++) {
            String range = ranges.get(i).strip();
            if (!before.contains(range)) {
                AddressForm.cidr(causes, RANGES + "[" + i + "]", range);
            }
        }
    }

    private static void annotation(Causes causes, Optional<ObjectNode> old, ObjectNode service) {
        if (!Tree.has(service, "metadata", "annotations", RANGES_ANNOTATION)) {
            return;
        }
        String field = "metadata.annotations[" + RANGES_ANNOTATION + "]";
        String text = Meta.annotation(service, RANGES_ANNOTATION);
        if (!ServiceFields.isLoadBalancer(service)) {
            causes.forbidden(field, ONLY_LB);
        }
        boolean unchanged = old.filter(
                        was -> Meta.annotation(was, RANGES_ANNOTATION).equals(text))
                .isPresent();
        if (unchanged || text.isBlank()) {
            return;
        }
        for (String range : text.strip().split(",", -1)) {
            AddressForm.cidr(causes, field, range.strip());
        }
    }
}
