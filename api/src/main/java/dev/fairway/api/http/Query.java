package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parameters behind the `?` of a request.
record Query(Map<String, List<String>> values) {

    /// @param raw the text after the `?`; may be empty
    static Query parse(String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : raw.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
            }
        }
        return new Query(values);
    }

    static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("cannot read the request's address: " + e.getMessage());
        }
    }

    /// The first value; empty when absent.
    String text(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? "" : all.getFirst();
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// A flag as upstream reads it: present, and neither `false` nor `0`.
    boolean flag(String name) {
        return optionalFlag(name).orElse(false);
    }

    Optional<Boolean> optionalFlag(String name) {
        if (!values.containsKey(name)) {
            return Optional.empty();
        }
        String text = text(name);
        return Optional.of(!text.equals("0") && !text.equalsIgnoreCase("false"));
    }

    /// A whole number that is not negative; `absent` when the parameter is missing or empty.
    long number(String name, long absent) {
        String text = text(name);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw badNumber(name, text);
        }
        throw badNumber(name, text);
    }

    private static RuntimeException badNumber(String name, String text) {
        return Refusal.badRequest("parameter " + name + ": \"" + text + "\" is not a whole number of 0 or more");
    }
}
