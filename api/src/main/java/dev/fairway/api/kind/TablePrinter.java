package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// A printer made of columns and a function, and the cells that many kinds share.
record TablePrinter(List<Column> columns, Cells read) implements Printer {

    static final Column NAME = Column.of("Name", "string", "The name of the object");
    static final Column AGE = Column.of("Age", "string", "How long ago the object was created");
    static final String NOTHING = "<none>";

    interface Cells {
        List<Object> of(ObjectNode object, Instant now);
    }

    TablePrinter {
        columns = List.copyOf(columns);
    }

    @Override
    public List<Object> cells(ObjectNode object, Instant now) {
        return read.of(object, now);
    }

    static String age(ObjectNode object, Instant now) {
        return Age.since(Tree.text(object, "metadata", "creationTimestamp"), now);
    }

    static String orNothing(String text) {
        return text.isEmpty() ? NOTHING : text;
    }

    static String labels(Map<String, String> labels) {
        return orNothing(labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(",")));
    }

    /// `a,b,c + 2 more...`
    static String few(List<String> all, String none) {
        if (all.isEmpty()) {
            return none;
        }
        String first = String.join(",", all.subList(0, Math.min(3, all.size())));
        return all.size() <= 3 ? first : first + " + " + (all.size() - 3) + " more...";
    }

    /// Name, one text and age.
    static Printer ofText(String column, String doc, java.util.function.Function<ObjectNode, Object> read) {
        String type = column.equals("Data") || column.equals("Secrets") ? "integer" : "string";
        return new TablePrinter(
                List.of(NAME, Column.of(column, type, doc), AGE),
                (object, now) -> List.of(Meta.name(object), read.apply(object), age(object, now)));
    }
}
