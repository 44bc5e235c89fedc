package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Rules of ConfigMaps and Secrets: named entries of bounded size.
///
/// @param secret whether the type and `stringData` apply
record EntriesRules(boolean secret) implements KindRules {

    private static final int MAX_BYTES = 1 << 20;
    private static final int KEY_BYTES_MAX = 253;
    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final String KEY_TEXT = "a valid config key must consist of alphanumeric characters, '-', '_' or"
            + " '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '" + KEY + "')";

    @Override
    public void applyDefaults(ObjectNode object) {
        if (!secret) {
            return;
        }
        if (Tree.text(object, "type").isEmpty()) {
            object.put("type", "Opaque");
        }
        Tree.textMap(object, "stringData")
                .forEach((key, text) -> Tree.makeObject(object, "data")
                        .put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        object.remove("stringData");
    }

    @Override
    public List<Cause> validateCreate(ObjectNode object) {
        Causes causes = new Causes();
        Map<String, String> data = Tree.textMap(object, "data");
        Map<String, String> binary = Tree.textMap(object, "binaryData");
        data.keySet().forEach(key -> validateKey("data[" + key + "]", key, causes));
        for (String key : binary.keySet()) {
            validateKey("binaryData[" + key + "]", key, causes);
            if (data.containsKey(key)) {
                causes.invalid("binaryData[" + key + "]", key, "duplicate of key present in data");
            }
        }
        long size = data.values().stream()
                        .mapToLong(secret ? EntriesRules::decodedBytes : Names::bytes)
                        .sum()
                + binary.values().stream().mapToLong(EntriesRules::decodedBytes).sum();
        if (size > MAX_BYTES) {
            causes.tooLong(secret ? "data" : "", MAX_BYTES);
        }
        if (secret) {
            causes.addAll(SecretTypes.validate(object));
        }
        return causes.list();
    }

    private static void validateKey(String field, String key, Causes causes) {
        if (Names.bytes(key) > KEY_BYTES_MAX) {
            causes.invalid(field, key, "must be no more than " + KEY_BYTES_MAX + " characters");
        }
        if (!KEY.matcher(key).matches()) {
            causes.invalid(field, key, KEY_TEXT);
        }
        if (key.equals(".") || key.equals("..")) {
            causes.invalid(field, key, "must not be '" + key + "'");
        } else if (key.startsWith("..")) {
            causes.invalid(field, key, "must not start with '..'");
        }
    }

    /// Of base64 text with its padding, which decoding has checked.
    private static long decodedBytes(String base64) {
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return base64.length() / 4 * 3L - padding;
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        if (secret && !Tree.text(old, "type").equals(Tree.text(now, "type"))) {
            causes.invalid("type", Tree.text(now, "type"), "field is immutable");
        }
        if (Tree.flag(old, "immutable")) {
            if (!Tree.flag(now, "immutable")) {
                causes.forbidden("immutable", "field is immutable when `immutable` is set");
            }
            for (String field : List.of("data", "binaryData")) {
                if (!Tree.at(old, field).equals(Tree.at(now, field))) {
                    causes.forbidden(field, "field is immutable when `immutable` is set");
                }
            }
        }
        causes.addAll(validateCreate(now));
        return causes.list();
    }
}
