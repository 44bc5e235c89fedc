package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads a path so that every part of the server reads it alike: what could be read in two ways is refused, never
/// repaired. What follows `proxy` belongs to somebody else and is not looked into.
final class PathRules {

    private static final int PROXY_STEPS_MIN = 3;

    private PathRules() {}

    /// The steps of the path, decoded.
    ///
    /// @throws dev.fairway.schema.ApiException for empty steps, `.`, `..`, and encoded separators or controls
    static List<String> steps(String path) {
        if (!path.startsWith("/")) {
            throw Refusal.noSuchPath();
        }
        String[] raw = path.substring(1).split("/", -1);
        List<String> out = new ArrayList<>(raw.length);
        boolean free = false;
        for (int i = 0; i < raw.length; i++) {
            boolean last = i == raw.length - 1;
            if (raw[i].isEmpty() && last) {
                break;
            }
            String step = decode(raw[i]);
            if (!free) {
                check(step);
            }
            free |= step.equals("proxy") && i >= PROXY_STEPS_MIN;
            out.add(step);
        }
        return out;
    }

    private static void check(String step) {
        if (step.isEmpty()) {
            throw Refusal.noSuchPath();
        }
        if (step.equals(".") || step.equals("..") || step.chars().anyMatch(PathRules::isUnsafe)) {
            throw Refusal.badRequest("the request's path has a step that is empty, \".\", \"..\" or has an encoded"
                    + " separator: use the plain path");
        }
    }

    private static boolean isUnsafe(int c) {
        return c == '/' || c == '\\' || c < ' ' || c == 0x7f;
    }

    /// Percent signs only: a `+` in a path is a plus.
    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                out.write(hex(bytes, i + 1) * 16 + hex(bytes, i + 2));
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.badRequest("the request's path is not UTF-8");
        }
    }

    private static int hex(byte[] bytes, int at) {
        int digit = at < bytes.length ? Character.digit(bytes[at], 16) : -1;
        if (digit < 0) {
            throw Refusal.badRequest("the request's path has a percent sign without two hexadecimal digits");
        }
        return digit;
    }
}
