package dev.fairway.api.kind;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The forms of addresses and blocks, strict (KEP-4858), with upstream's sentence for each way to miss them
/// (apimachinery `pkg/util/validation/ip.go`).
final class AddressForm {

    static final String IP_TEXT = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    static final String CIDR_TEXT = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
    private static final Pattern ZERO_OCTET = Pattern.compile("(?<![0-9a-fA-F:])0+(?=[0-9])");
    private static final Pattern MAPPED = Pattern.compile("(?:0{0,4}:){2,7}[fF]{4}:(.+)");

    private AddressForm() {}

    /// @return whether it is an address
    static boolean ip(Causes causes, String field, String text) {
        if (IpAddress.tryParse(text).isPresent()) {
            return true;
        }
        String why = lenient(withoutZeros(text)).isPresent() ? "must not have leading 0s" : IP_TEXT;
        causes.invalid(field, text, isMapped(text) ? "must not be an IPv4-mapped IPv6 address" : why);
        return false;
    }

    /// Also refuses other than canonical text: for fields that were strict from their first day.
    static void canonicalIp(Causes causes, String field, String text) {
        if (ip(causes, field, text) && !IpAddress.parse(text).toString().equals(text)) {
            causes.invalid(field, text, "must be in canonical form (" + Causes.quoted(canonical(text)) + ")");
        }
    }

    static void cidr(Causes causes, String field, String text) {
        if (Cidr.tryParse(text).isPresent()) {
            return;
        }
        int slash = text.lastIndexOf('/');
        String base = text.substring(0, Math.max(slash, 0));
        String bare = withoutZeros(base) + "/" + text.substring(slash + 1).replaceFirst("^0+(?=[0-9])", "");
        if (slash > 0 && isMapped(base)) {
            causes.invalid(field, text, "must not have an IPv4-mapped IPv6 address");
        } else if (slash < 0 || Cidr.lenient(bare).isEmpty()) {
            causes.invalid(field, text, CIDR_TEXT);
        } else if (!bare.equals(text)) {
            causes.invalid(field, text, "must not have leading 0s in IP or prefix length");
        } else {
            causes.invalid(field, text, "must not have bits set beyond the prefix length");
        }
    }

    /// Also refuses other than canonical text.
    static void canonicalCidr(Causes causes, String field, String text) {
        cidr(causes, field, text);
        Cidr.tryParse(text)
                .filter(cidr -> !cidr.toString().equals(text))
                .ifPresent(cidr -> causes.invalid(
                        field, text, "must be in canonical form (" + Causes.quoted(cidr.toString()) + ")"));
    }

    /// The family of a text that may also be of the older, lenient forms; empty for `None`.
    static Optional<String> family(String text) {
        return lenient(withoutZeros(text)).map(address -> address.family().apiName());
    }

    private static Optional<IpAddress> lenient(String text) {
        Matcher mapped = MAPPED.matcher(text);
        return mapped.matches() ? IpAddress.tryParse(mapped.group(1)) : IpAddress.tryParse(text);
    }

    private static boolean isMapped(String text) {
        Matcher mapped = MAPPED.matcher(text);
        return mapped.matches() && IpAddress.tryParse(mapped.group(1)).isPresent();
    }

    private static String withoutZeros(String text) {
        return text.indexOf('.') < 0 ? text : ZERO_OCTET.matcher(text).replaceAll("");
    }

    private static String canonical(String text) {
        return IpAddress.parse(text).toString();
    }
}
