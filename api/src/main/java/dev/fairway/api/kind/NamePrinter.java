package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The table of a kind that has no columns of its own.
final class NamePrinter implements Printer {

    static final NamePrinter INSTANCE = new NamePrinter();

    @Override
    public List<Column> columns() {
        return List.of(
                Column.of("Name", "string", "The name of the object"),
                Column.of("Created At", "date", "When the server created the object"));
    }

    @Override
    public List<Object> cells(ObjectNode object, Instant now) {
        return List.of(Meta.name(object), Tree.text(object, "metadata", "creationTimestamp"));
    }
}
