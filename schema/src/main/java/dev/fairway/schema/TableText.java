package dev.fairway.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The layout that the texts of the type table share: `in PACKAGE` lines, type lines at the margin, field lines
/// indented below their type, `#` comments.
final class TableText {

    private TableText() {}

    /// @param type the full type name
    /// @param field empty on the type's own line
    /// @param rest what follows the name, possibly empty
    record Line(String type, String field, String rest, String group) {}

    static List<Line> read(String resource) {
        List<Line> out = new ArrayList<>();
        String group = "";
        String type = "";
        for (String line : lines(resource)) {
            boolean indented = line.startsWith("  ");
            String text = line.strip();
            int space = text.indexOf(' ');
            String first = space < 0 ? text : text.substring(0, space);
            String rest = space < 0 ? "" : text.substring(space + 1).strip();
            if (indented) {
                for (String field : first.split(",")) {
                    out.add(new Line(type, field, rest, group));
                }
            } else if (first.equals("in")) {
                group = rest;
            } else {
                type = group.equals("*") ? first : group + "." + first;
                out.add(new Line(type, "", rest, group));
            }
        }
        return out;
    }

    /// The lines that say something.
    static List<String> lines(String resource) {
        try (InputStream in = TableText.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the type table's " + resource + " is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the type table's " + resource, e);
        }
    }
}
