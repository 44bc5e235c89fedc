package dev.fairway.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A domain name as on the wire (RFC 1035, 3.1), in lower case: names that differ only in case are equal (RFC 4343).
public final class DnsName implements Comparable<DnsName> {

    public static final DnsName ROOT = new DnsName(new byte[] {0});

    static final int MAX_BYTES = 255;
    static final int MAX_LABEL_BYTES = 63;

    private final byte[] wire;
    private final int hash;

    private DnsName(byte[] wire) {
        this.wire = wire;
        this.hash = Arrays.hashCode(wire);
    }

    /// The name of valid wire bytes: labels with their lengths, and the root's zero at the end.
    static DnsName ofWire(byte[] bytes, int from, int length) {
        byte[] copy = Arrays.copyOfRange(bytes, from, from + length);
        for (int i = 0; i < copy.length; i++) {
            copy[i] = lower(copy[i]);
        }
        return new DnsName(copy);
    }

    // Length bytes are at most 63, below 'A', so lowering them too changes nothing.
    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    }

    /// Reads dotted ASCII text, with or without the root's dot; there are no escapes.
    ///
    /// @throws IllegalArgumentException when a label is empty or longer than 63 bytes, or the name longer than 255
    public static DnsName parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is no domain name"));
    }

    public static Optional<DnsName> tryParse(String text) {
        String absolute = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (absolute.chars().anyMatch(c -> c > '~')) {
            return Optional.empty();
        }
        if (absolute.isEmpty()) {
            return text.isEmpty() ? Optional.empty() : Optional.of(ROOT);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : absolute.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            if (bytes.length == 0 || bytes.length > MAX_LABEL_BYTES) {
                return Optional.empty();
            }
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
        return out.size() > MAX_BYTES ? Optional.empty() : Optional.of(ofWire(out.toByteArray(), 0, out.size()));
    }

    /// This name with one more label in front.
    ///
    /// @throws IllegalArgumentException when the label or the result is too long
    DnsName child(String label) {
        byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length == 0 || bytes.length > MAX_LABEL_BYTES || wire.length + bytes.length + 1 > MAX_BYTES) {
            throw new IllegalArgumentException("\"" + label + "\" cannot be put before " + this);
        }
        byte[] longer = new byte[1 + bytes.length + wire.length];
        longer[0] = (byte) bytes.length;
        System.arraycopy(bytes, 0, longer, 1, bytes.length);
        System.arraycopy(wire, 0, longer, 1 + bytes.length, wire.length);
        return ofWire(longer, 0, longer.length);
    }

    /// How many labels, without the root's.
    int labelCount() {
        int count = 0;
        for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
            count++;
        }
        return count;
    }

    /// The label at `index`, counted from the left.
    String label(int index) {
        int at = offset(index);
        return new String(wire, at + 1, wire[at], StandardCharsets.ISO_8859_1);
    }

    /// The name without its first `labels` labels.
    DnsName suffix(int labels) {
        int from = offset(labels);
        return from == 0 ? this : new DnsName(Arrays.copyOfRange(wire, from, wire.length));
    }

    private int offset(int labels) {
        int at = 0;
        for (int i = 0; i < labels; i++) {
            at += 1 + wire[at];
        }
        return at;
    }

    /// Whether this name is `parent` or below it.
    boolean isWithin(DnsName parent) {
        int from = wire.length - parent.wire.length;
        if (from < 0 || !Arrays.equals(wire, from, wire.length, parent.wire, 0, parent.wire.length)) {
            return false;
        }
        int at = 0;
        while (at < from) {
            at += 1 + wire[at];
        }
        return at == from;
    }

    boolean isRoot() {
        return wire.length == 1;
    }

    int wireLength() {
        return wire.length;
    }

    byte[] toWire() {
        return wire.clone();
    }

    /// Writes `length` wire bytes, beginning at `from`.
    void copyTo(byte[] target, int at) {
        System.arraycopy(wire, 0, target, at, wire.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DnsName name && hash == name.hash && Arrays.equals(wire, name.wire);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public int compareTo(DnsName other) {
        return toString().compareTo(other.toString());
    }

    /// Dotted text with the root's dot; bytes that are no plain characters as `\DDD` (RFC 1035, 5.1).
    @Override
    public String toString() {
        if (isRoot()) {
            return ".";
        }
        StringBuilder text = new StringBuilder();
        for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
            for (int i = 1; i <= wire[at]; i++) {
                append(text, wire[at + i] & 0xff);
            }
            text.append('.');
        }
        return text.toString();
    }

    private static void append(StringBuilder text, int character) {
        if (character <= ' ' || character > '~') {
            text.append("\\%03d".formatted(character));
        } else {
            if (character == '.' || character == '\\' || character == '"') {
                text.append('\\');
            }
            text.append((char) character);
        }
    }
}
