package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Rules of ConfigMaps and Secrets: named entries of bounded size.
///
/// @param secret whether the type and `stringData` apply
record EntriesRules(boolean secret) implements KindRules {

    private static final int MAX_BYTES = 1 << 20;
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
        long size = 0;
        for (String field : List.of("data", "binaryData")) {
            for (var entry : Tree.textMap(object, field).entrySet()) {
                String key = entry.getKey();
                if (!KEY.matcher(key).matches() || key.equals(".") || key.equals("..")) {
                    causes.invalid(field + "[" + key + "]", key, KEY_TEXT);
                }
                size += Names.bytes(entry.getValue());
            }
        }
        if (size > MAX_BYTES) {
            causes.tooLong(secret ? "data" : "", MAX_BYTES);
        }
        if (Tree.text(object, "type").equals("kubernetes.io/tls")) {
            for (String key : List.of("tls.crt", "tls.key")) {
                if (!Tree.at(object, "data").has(key)) {
                    causes.required("data[" + key + "]", "");
                }
            }
        }
        return causes.list();
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
