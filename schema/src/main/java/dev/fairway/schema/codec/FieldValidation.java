package dev.fairway.schema.codec;

/// What happens to unknown and duplicate fields: the `fieldValidation` parameter of writes.
public enum FieldValidation {
    IGNORE,
    WARN,
    STRICT;

    /// @param text empty means `Warn`, as the API has it
    /// @throws IllegalArgumentException when it is none of `Ignore`, `Warn`, `Strict`
    public static FieldValidation parse(String text) {
        return switch (text) {
            case "Ignore" -> IGNORE;
            case "", "Warn" -> WARN;
            case "Strict" -> STRICT;
            default ->
                throw new IllegalArgumentException("fieldValidation: \"" + text + "\" is none of Ignore, Warn, Strict");
        };
    }
}
