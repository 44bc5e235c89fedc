package dev.fairway.api.kind;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A table in a text file: columns between `|`, one row a line. `#` begins a comment; a line `== RULE ...` names the
/// rule that the rows below it state; a line `@word = text` says what `@word` stands for in the rows below.
record Rows(String file, List<Row> rows) {

    /// @param rule the heading above the row
    /// @param cells never fewer than the table asks for; missing ones at the end are empty
    record Row(String rule, int line, List<String> cells) {

        String cell(int index) {
            return index < cells.size() ? cells.get(index) : "";
        }

        @Override
        public String toString() {
            return "line " + line + ": " + rule + ": " + String.join(" | ", cells);
        }
    }

    Rows {
        rows = List.copyOf(rows);
    }

    static Rows read(String file) {
        try (InputStream in = Rows.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("no table " + file);
            }
            return parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Rows parse(String file, String text) {
        List<Row> rows = new ArrayList<>();
        String rule = "";
        int number = 0;
        Map<String, String> words = new LinkedHashMap<>();
        for (String line : text.split("\n")) {
            number++;
            if (line.startsWith("== ")) {
                rule = line.substring(3).strip();
            } else if (line.startsWith("@")) {
                words.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf("= ") + 2));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                for (Map.Entry<String, String> word : words.entrySet()) {
                    line = line.replace(word.getKey(), word.getValue());
                }
                List<String> cells =
                        List.of(line.split("\\|")).stream().map(String::strip).toList();
                rows.add(new Row(rule, number, cells));
            }
        }
        return new Rows(file, rows);
    }
}
