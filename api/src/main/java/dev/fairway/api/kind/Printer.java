package dev.fairway.api.kind;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The table form of a kind: one row of cells per object, one cell per column.
public interface Printer {

    List<Column> columns();

    /// The cells: text, Integer or Long, in the order of the columns.
    List<Object> cells(ObjectNode object, Instant now);
}
