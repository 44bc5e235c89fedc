package dev.fairway.api.kind;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The forms of names. Each method gives the sentences that say what is wrong, in upstream's words
/// (apimachinery `pkg/util/validation`); none when the name is good.
public final class Names {

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
    private static final Pattern DNS_SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern PORT_NAME = Pattern.compile("[-a-z0-9]+");
    private static final String LABEL_TEXT = "a lowercase RFC 1123 label must consist of lower case alphanumeric"
            + " characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or"
            + " '123-abc', regex used for validation is '" + LABEL + "')";
    private static final String SUBDOMAIN_TEXT = "a lowercase RFC 1123 subdomain must consist of lower case"
            + " alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g."
            + " 'example.com', regex used for validation is '" + LABEL + "(\\." + LABEL + ")*')";
    private static final String QUALIFIED_TEXT = "must consist of alphanumeric characters, '-', '_' or '.', and must"
            + " start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used"
            + " for validation is '" + QUALIFIED + "')";
    private static final String VALUE_TEXT = "a valid label must be an empty string or consist of alphanumeric"
            + " characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue', "
            + " or 'my_value',  or '12345', regex used for validation is '(" + QUALIFIED + ")?')";

    private static final Pattern WILDCARD = Pattern.compile("\\*\\." + DNS_SUBDOMAIN);
    private static final String WILDCARD_TEXT =
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid"
                    + " DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end"
                    + " with an alphanumeric character (e.g. '*.example.com', regex used for validation is '"
                    + WILDCARD + "')";

    private Names() {}

    public static List<String> label(String name) {
        return check(name, DNS_LABEL, LABEL_TEXT, 63);
    }

    public static List<String> subdomain(String name) {
        return check(name, DNS_SUBDOMAIN, SUBDOMAIN_TEXT, 253);
    }

    /// A subdomain behind `*.`.
    static List<String> wildcardSubdomain(String name) {
        return check(name, WILDCARD, WILDCARD_TEXT, 253);
    }

    /// What fits into one step of a path.
    static List<String> pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) {
            return List.of("may not be '" + name + "'");
        }
        return Stream.of("/", "%")
                .filter(name::contains)
                .map(bad -> "may not contain '" + bad + "'")
                .toList();
    }

    /// An optional DNS prefix and `/`, then a name of at most 63 characters.
    public static List<String> qualified(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length > 2) {
            return List.of("a qualified name " + QUALIFIED_TEXT
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> wrong = new ArrayList<>();
        if (parts.length == 2) {
            wrong.addAll(
                    parts[0].isEmpty()
                            ? List.of("prefix part must be non-empty")
                            : subdomain(parts[0]).stream()
                                    .map(why -> "prefix part " + why)
                                    .toList());
        }
        String last = parts[parts.length - 1];
        if (last.isEmpty()) {
            wrong.add("name part must be non-empty");
        } else if (last.length() > 63) {
            wrong.add("name part must be no more than 63 bytes");
        }
        if (!QUALIFIED.matcher(last).matches()) {
            wrong.add("name part " + QUALIFIED_TEXT);
        }
        return wrong;
    }

    public static List<String> labelValue(String value) {
        return value.isEmpty() ? List.of() : check(value, QUALIFIED, VALUE_TEXT, 63);
    }

    /// An IANA service name, as a named target port is.
    public static List<String> portName(String name) {
        List<String> wrong = new ArrayList<>();
        if (name.length() > 15) {
            wrong.add("must be no more than 15 characters");
        }
        if (!PORT_NAME.matcher(name).matches()) {
            wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            wrong.add("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            wrong.add("must not contain consecutive hyphens");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            wrong.add("must not begin or end with a hyphen");
        }
        return wrong;
    }

    public static List<String> port(long number) {
        return number >= 1 && number <= 65_535 ? List.of() : List.of("must be between 1 and 65535, inclusive");
    }

    /// The rule for annotation keys: a qualified name, in any case.
    static List<String> annotationKey(String key) {
        return qualified(key.toLowerCase(Locale.ROOT));
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static List<String> check(String name, Pattern form, String text, int maxBytes) {
        List<String> wrong = new ArrayList<>();
        if (bytes(name) > maxBytes) {
            wrong.add("must be no more than " + maxBytes + " bytes");
        }
        if (!form.matcher(name).matches()) {
            wrong.add(text);
        }
        return wrong;
    }
}
