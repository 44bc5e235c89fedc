package dev.fairway.schema;

import java.util.regex.Pattern;

/// The form of label keys and values, as the API demands it.
public final class LabelSyntax {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final int NAME_LENGTH = 63;
    private static final int PREFIX_LENGTH = 253;

    private LabelSyntax() {}

    /// A name of 1 to 63 characters, after an optional `prefix/` that is a DNS name.
    public static boolean isKey(String key) {
        int slash = key.indexOf('/');
        return isName(key.substring(slash + 1)) && (slash < 0 || isDnsName(key.substring(0, slash)));
    }

    /// Empty, or up to 63 letters, digits, `-`, `_`, `.`, beginning and ending with a letter or digit.
    public static boolean isValue(String value) {
        return value.isEmpty() || isName(value);
    }

    private static boolean isName(String text) {
        return text.length() <= NAME_LENGTH && NAME.matcher(text).matches();
    }

    private static boolean isDnsName(String text) {
        if (text.isEmpty() || text.length() > PREFIX_LENGTH) {
            return false;
        }
        for (String label : text.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    static void checkKey(String key) {
        if (!isKey(key)) {
            throw new IllegalArgumentException("label key \"" + key + "\" is not valid: it is a name of at most 63"
                    + " letters, digits, '-', '_' and '.', after an optional DNS prefix and '/'");
        }
    }

    static void checkValue(String key, String value) {
        if (!isValue(value)) {
            throw new IllegalArgumentException("value \"" + value + "\" of label \"" + key + "\" is not valid: it is"
                    + " empty or at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends");
        }
    }
}
