package dev.fairway.api.kind;

/// One column of a printed table.
///
/// @param type `string`, `integer` or `date`
/// @param format `name` for the column that holds the object's name, else empty
/// @param priority 0 shows always, 1 only in wide output
public record Column(String name, String type, String format, String description, int priority) {

    public static Column of(String name, String type, String description) {
        return new Column(name, type, name.equals("Name") ? "name" : "", description, 0);
    }

    public static Column wide(String name, String type, String description) {
        return new Column(name, type, "", description, 1);
    }
}
