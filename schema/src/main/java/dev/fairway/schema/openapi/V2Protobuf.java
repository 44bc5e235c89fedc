package dev.fairway.schema.openapi;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.schema.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes an OpenAPI v2 document in the protobuf form of the gnostic project, which kubectl 1.27 and 1.28 insist on.
/// It knows only what our documents hold. Numbers: `openapiv2/OpenAPIv2.proto` of github.com/google/gnostic. The writer
/// goes from the end to the beginning, so fields are written in falling order.
final class V2Protobuf {

    private final WireWriter out = new WireWriter();

    private V2Protobuf() {}

    static byte[] encode(ObjectNode document) {
        V2Protobuf writer = new V2Protobuf();
        writer.message(9, () -> writer.named(1, document.path("definitions"), writer::schema));
        writer.message(8, () -> writer.named(2, document.path("paths"), writer::pathItem));
        writer.message(2, () -> {
            writer.text(2, document.path("info"), "version");
            writer.text(1, document.path("info"), "title");
        });
        writer.text(1, document, "swagger");
        return writer.out.toBytes();
    }

    private void message(int number, Runnable content) {
        int end = out.size();
        content.run();
        out.closeField(number, end);
    }

    private void text(int number, JsonNode node, String field) {
        if (node.has(field)) {
            out.textField(number, Tree.text(node, field));
        }
    }

    private void texts(int number, JsonNode list) {
        Tree.texts(Json.object().set("list", list), "list").reversed().forEach(text -> out.textField(number, text));
    }

    /// Repeated messages of a name (1) and a value (2).
    private void named(int number, JsonNode object, Consumer<JsonNode> content) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(object.properties());
        for (Map.Entry<String, JsonNode> entry : entries.reversed()) {
            message(number, () -> {
                message(2, () -> content.accept(entry.getValue()));
                out.textField(1, entry.getKey());
            });
        }
    }

    /// The `x-` fields, as YAML text; JSON is YAML.
    private void extensions(int number, JsonNode node) {
        ObjectNode found = Json.object();
        node.properties().stream()
                .filter(entry -> entry.getKey().startsWith("x-"))
                .forEach(entry -> found.set(entry.getKey(), entry.getValue()));
        named(number, found, value -> out.textField(2, Json.toText(value)));
    }

    private void pathItem(JsonNode item) {
        parameters(9, item);
        operation(8, item, "patch");
        operation(5, item, "delete");
        operation(4, item, "post");
        operation(3, item, "put");
        operation(2, item, "get");
    }

    private void operation(int number, JsonNode item, String method) {
        JsonNode operation = item.get(method);
        if (operation == null) {
            return;
        }
        message(number, () -> {
            extensions(13, operation);
            message(9, () -> named(1, operation.path("responses"), this::response));
            parameters(8, operation);
            texts(7, operation.path("consumes"));
            text(5, operation, "operationId");
            text(3, operation, "description");
        });
    }

    private void response(JsonNode response) {
        message(1, () -> {
            message(2, () -> message(1, () -> schema(response.path("schema"))));
            text(1, response, "description");
        });
    }

    private void parameters(int number, JsonNode node) {
        for (ObjectNode parameter : Tree.objects(node, "parameters").reversed()) {
            message(
                    number,
                    () -> message(1, () -> {
                        switch (Tree.text(parameter, "in")) {
                            case "body" -> message(1, () -> body(parameter));
                            case "path" -> message(2, () -> message(4, () -> plain(parameter, 5)));
                            default -> message(2, () -> message(3, () -> plain(parameter, 6)));
                        }
                    }));
        }
    }

    private void body(ObjectNode parameter) {
        message(5, () -> schema(parameter.path("schema")));
        out.varintField(4, Tree.flag(parameter, "required") ? 1 : 0);
        text(3, parameter, "in");
        text(2, parameter, "name");
    }

    /// @param type the number of the field `type`, in which path and query parameters differ
    private void plain(ObjectNode parameter, int type) {
        text(type, parameter, "type");
        text(4, parameter, "name");
        text(3, parameter, "description");
        text(2, parameter, "in");
        out.varintField(1, Tree.flag(parameter, "required") ? 1 : 0);
    }

    private void schema(JsonNode schema) {
        extensions(31, schema);
        if (schema.has("properties")) {
            message(25, () -> named(1, schema.path("properties"), this::schema));
        }
        if (schema.has("items")) {
            message(23, () -> message(1, () -> schema(schema.path("items"))));
        }
        if (schema.has("type")) {
            message(22, () -> text(1, schema, "type"));
        }
        if (schema.has("additionalProperties")) {
            message(21, () -> message(1, () -> schema(schema.path("additionalProperties"))));
        }
        for (JsonNode value : schema.path("enum").valueStream().toList().reversed()) {
            message(20, () -> out.textField(2, Json.toText(value)));
        }
        texts(19, schema.path("required"));
        text(4, schema, "description");
        text(2, schema, "format");
        text(1, schema, "$ref");
    }
}
