package dev.fairway.api.kind;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.ApiException.Details;
import dev.fairway.schema.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Collects what is wrong with an object, in the words of upstream's field errors
/// (apimachinery `pkg/util/validation/field`).
public final class Causes {

    private final List<Cause> list = new ArrayList<>();

    public List<Cause> list() {
        return List.copyOf(list);
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    public void addAll(Collection<Cause> more) {
        list.addAll(more);
    }

    /// @param why may be empty
    public void required(String field, String why) {
        add("FieldValueRequired", field, why.isEmpty() ? "Required value" : "Required value: " + why);
    }

    /// @param value as it stands in the object
    public void invalid(String field, JsonNode value, String why) {
        add("FieldValueInvalid", field, "Invalid value: " + (value.isMissingNode() ? "null" : value) + ": " + why);
    }

    public void invalid(String field, String value, String why) {
        add("FieldValueInvalid", field, "Invalid value: " + quoted(value) + ": " + why);
    }

    public void invalid(String field, long value, String why) {
        add("FieldValueInvalid", field, "Invalid value: " + value + ": " + why);
    }

    public void invalid(String field, List<String> values, String why) {
        String text = values.stream().map(Causes::quoted).collect(Collectors.joining(",", "[", "]"));
        add("FieldValueInvalid", field, "Invalid value: " + text + ": " + why);
    }

    /// One cause for every sentence.
    public void invalidEach(String field, String value, List<String> whys) {
        whys.forEach(why -> invalid(field, value, why));
    }

    public void forbidden(String field, String why) {
        add("FieldValueForbidden", field, "Forbidden: " + why);
    }

    public void duplicate(String field, String value) {
        add("FieldValueDuplicate", field, "Duplicate value: " + value);
    }

    public void notFound(String field, String value) {
        add("FieldValueNotFound", field, "Not found: " + quoted(value));
    }

    public void unsupported(String field, String value, Collection<String> supported) {
        unsupportedInOrder(field, value, List.copyOf(new TreeSet<>(supported)));
    }

    /// The same where upstream does not sort what it supports.
    public void unsupportedInOrder(String field, String value, List<String> supported) {
        String known = supported.stream().map(Causes::quoted).collect(Collectors.joining(", "));
        add("FieldValueNotSupported", field, "Unsupported value: " + quoted(value) + ": supported values: " + known);
    }

    /// Of several values at least one is not supported.
    public void unsupported(String field, List<String> values, Collection<String> supported) {
        String given = values.stream().map(Causes::quoted).collect(Collectors.joining(", ", "[]string{", "}"));
        String known = new TreeSet<>(supported).stream().map(Causes::quoted).collect(Collectors.joining(", "));
        add("FieldValueNotSupported", field, "Unsupported value: " + given + ": supported values: " + known);
    }

    public void tooLong(String field, int maxBytes) {
        add("FieldValueTooLong", field, "Too long: may not be more than " + maxBytes + " bytes");
    }

    public void tooMany(String field, int count, int max) {
        add("FieldValueTooMany", field, "Too many: " + count + ": must have at most " + max + " items");
    }

    private void add(String reason, String field, String message) {
        list.add(new Cause(reason, message, field));
    }

    /// The text in double quotes, control characters escaped.
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> out.append(c < ' ' ? String.format("\\x%02x", c) : String.valueOf((char) c));
            }
        });
        return out.append('"').toString();
    }

    /// 422 with the causes: `Service "web" is invalid: spec.ports: Required value`.
    ///
    /// @param causes at least one
    public static ApiException refusal(Resource resource, String name, List<Cause> causes) {
        String group = resource.group().isEmpty() ? "" : "." + resource.group();
        List<String> texts = causes.stream()
                .map(cause -> cause.field() + ": " + cause.message())
                .distinct()
                .toList();
        String what = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
        String message = resource.kind() + group + " \"" + name + "\" is invalid: " + what;
        Details details = new Details(resource.group(), resource.kind(), name, "", causes, 0);
        return new ApiException(422, "Invalid", message, details);
    }

    public static ApiException internal(String why) {
        return new ApiException(500, "InternalError", "Internal error occurred: " + why);
    }
}
