package dev.fairway.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads and writes the text and byte forms of addresses; kept apart so that `IpAddress` reads as the value it is.
final class AddressText {

    private AddressText() {}

    static long number(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = from; i < from + length; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }

    static byte[] bytes(IpAddress address) {
        byte[] out = new byte[address.family().bytes()];
        for (int i = 0; i < out.length; i++) {
            int fromEnd = out.length - 1 - i;
            long word = fromEnd < 8 ? address.low() : address.high();
            out[i] = (byte) (word >>> (fromEnd % 8 * 8));
        }
        return out;
    }

    static Optional<IpAddress> parse(String text) {
        return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text).map(IpAddress::ofV4);
    }

    private static Optional<Integer> parseV4(String text) {
        int bits = 0;
        int from = 0;
        for (int octets = 1; octets <= 4; octets++) {
            int end = octets < 4 ? text.indexOf('.', from) : text.length();
            int octet = end < 0 ? -1 : octet(text, from, end);
            if (octet < 0) {
                return Optional.empty();
            }
            bits = bits << 8 | octet;
            from = end + 1;
        }
        return Optional.of(bits);
    }

    /// -1 when it is no octet; a leading zero is refused, because some programs read it as octal.
    private static int octet(String text, int from, int end) {
        int digits = end - from;
        if (digits < 1 || digits > 3 || digits > 1 && text.charAt(from) == '0') {
            return -1;
        }
        int value = 0;
        for (int at = from; at < end; at++) {
            char digit = text.charAt(at);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            value = 10 * value + digit - '0';
        }
        return value <= 255 ? value : -1;
    }

    private static Optional<IpAddress> parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap != text.lastIndexOf("::")) {
            return Optional.empty();
        }
        List<Integer> head = new ArrayList<>();
        List<Integer> tail = new ArrayList<>();
        boolean parsed = gap < 0
                ? groups(text, head)
                : groups(text.substring(0, gap), head) && groups(text.substring(gap + 2), tail);
        int count = head.size() + tail.size();
        if (!parsed || (gap < 0 ? count != 8 : count > 7)) {
            return Optional.empty();
        }
        while (head.size() + tail.size() < 8) {
            head.add(0);
        }
        head.addAll(tail);
        IpAddress address = IpAddress.ofV6(word(head, 0), word(head, 4));
        boolean mapped = address.high() == 0 && address.low() >>> 32 == 0xffff;
        return mapped ? Optional.empty() : Optional.of(address);
    }

    private static long word(List<Integer> groups, int from) {
        long word = 0;
        for (int group : groups.subList(from, from + 4)) {
            word = word << 16 | group;
        }
        return word;
    }

    private static boolean groups(String text, List<Integer> out) {
        if (text.isEmpty()) {
            return true;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (last && parts[i].indexOf('.') >= 0) {
                Optional<Integer> v4 = parseV4(parts[i]);
                v4.ifPresent(bits -> out.addAll(List.of(bits >>> 16, bits & 0xffff)));
                return v4.isPresent();
            }
            if (!parts[i].matches("[0-9a-fA-F]{1,4}")) {
                return false;
            }
            out.add(Integer.parseInt(parts[i], 16));
        }
        return true;
    }

    static String text(IpAddress address) {
        if (address.isV4()) {
            int bits = (int) address.low();
            return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            long word = i < 4 ? address.high() : address.low();
            groups[i] = (int) (word >>> (3 - i % 4) * 16) & 0xffff;
        }
        return compressed(groups);
    }

    /// RFC 5952: the longest run of two or more zero groups, the first of equals, becomes `::`.
    private static String compressed(int[] groups) {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
