package dev.fairway.schema;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The text of an object in two parts: `metadata.managedFields`, and the rest. Nothing is parsed for that.
///
/// @param rest the object without its managed fields
/// @param owners their value; no bytes when there are none
record OwnersText(byte[] rest, byte[] owners) {

    private static final byte[] NONE = {};
    private static final byte[] METADATA = "metadata".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OWNERS = "managedFields".getBytes(StandardCharsets.US_ASCII);

    /// Text that is no JSON comes back whole, for the parser to refuse.
    static OwnersText split(byte[] text) {
        int metadata = value(text, 0, METADATA);
        int owners = metadata < 0 ? -1 : value(text, metadata, OWNERS);
        if (owners < 0) {
            return new OwnersText(text, NONE);
        }
        int end = afterValue(text, owners);
        int from = owners - "\"\":".length() - OWNERS.length;
        return text[from - 1] == ','
                ? cut(text, from - 1, owners, end, end)
                : cut(text, from, owners, end, end < text.length && text[end] == ',' ? end + 1 : end);
    }

    private static OwnersText cut(byte[] text, int from, int owners, int end, int to) {
        byte[] rest = new byte[text.length - (to - from)];
        System.arraycopy(text, 0, rest, 0, from);
        System.arraycopy(text, to, rest, from, text.length - to);
        return new OwnersText(rest, Arrays.copyOfRange(text, owners, end));
    }

    /// Where the value of a field of the object that begins at `from` begins; negative when it has no such field.
    private static int value(byte[] text, int from, byte[] field) {
        int at = from < text.length && text[from] == '{' ? from + 1 : text.length;
        while (at < text.length && text[at] == '"') {
            int end = afterString(text, at);
            int value = end + 1;
            if (end >= text.length || text[end] != ':') {
                return -1;
            }
            if (Arrays.equals(text, at + 1, end - 1, field, 0, field.length)) {
                return value;
            }
            at = afterValue(text, value);
            at = at < text.length && text[at] == ',' ? at + 1 : text.length;
        }
        return -1;
    }

    /// Behind an object, an array, a string, a number or a word.
    private static int afterValue(byte[] text, int from) {
        int depth = 0;
        int at = from;
        while (at < text.length) {
            byte octet = text[at];
            if (octet == '"') {
                at = afterString(text, at);
                if (depth == 0) {
                    return at;
                }
                continue;
            }
            if (depth == 0 && (octet == ',' || octet == '}' || octet == ']')) {
                return at;
            }
            depth += octet == '{' || octet == '[' ? 1 : octet == '}' || octet == ']' ? -1 : 0;
            at++;
            if (depth == 0 && (octet == '}' || octet == ']')) {
                return at;
            }
        }
        return at;
    }

    /// Behind the closing quote.
    private static int afterString(byte[] text, int from) {
        int at = from + 1;
        while (at < text.length && text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, text.length);
    }
}
