package dev.fairway.api.http;

import dev.fairway.api.kind.Column;
import dev.fairway.api.kind.Kind;
import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.Json;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as `Table`s and as `PartialObjectMetadata`, the forms kubectl prints from.
final class Tables {

    /// How much of each object a row carries: the `includeObject` parameter.
    enum Include {
        NONE,
        METADATA,
        OBJECT;

        /// @throws dev.fairway.schema.ApiException when a table is wanted and the parameter has no known value
        static Include of(Call call, Form form) {
            String parameter = call.query().text("includeObject");
            return switch (parameter) {
                case "None" -> NONE;
                case "Object" -> OBJECT;
                case "", "Metadata" -> METADATA;
                default -> {
                    if (form.shape() == Form.Shape.TABLE) {
                        throw Refusal.badRequest(
                                "Unable to convert to Table as requested: includeObject: Invalid value: \"" + parameter
                                        + "\": must be 'Metadata', 'Object', 'None', or empty");
                    }
                    yield METADATA;
                }
            };
        }
    }

    private Tables() {}

    /// @param metadata of the list: revision, continue token
    /// @param columns false leaves the column definitions out, as in all but the first event of a watch
    static ObjectNode table(
            Kind kind,
            List<ObjectNode> items,
            ObjectNode metadata,
            Include include,
            String version,
            boolean columns,
            Instant now) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/" + version);
        table.set("metadata", metadata);
        if (columns) {
            definitions(kind, table.putArray("columnDefinitions"));
        } else {
            table.putNull("columnDefinitions");
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode item : items) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells");
            kind.printer().cells(item, now).forEach(cell -> addCell(cells, cell));
            switch (include) {
                case NONE -> {}
                case METADATA -> row.set("object", partial(item, version));
                case OBJECT -> row.set("object", item);
            }
        }
        return table;
    }

    private static void addCell(ArrayNode cells, Object cell) {
        if (cell instanceof Number number) {
            cells.add(number.longValue());
        } else {
            cells.add(cell.toString());
        }
    }

    private static void definitions(Kind kind, ArrayNode into) {
        for (Column column : kind.printer().columns()) {
            into.addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
    }

    static ObjectNode partial(ObjectNode object, String version) {
        ObjectNode out = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + version);
        JsonNode metadata = object.get("metadata");
        out.set("metadata", metadata == null ? Json.object() : metadata);
        return out;
    }

    static ObjectNode partialList(List<ObjectNode> items, ObjectNode metadata, String version) {
        ObjectNode out =
                Json.object().put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/" + version);
        out.set("metadata", metadata);
        ArrayNode list = out.putArray("items");
        items.forEach(item -> list.add(partial(item, version)));
        return out;
    }
}
