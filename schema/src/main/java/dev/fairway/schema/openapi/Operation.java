package dev.fairway.schema.openapi;

import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Types;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One operation on a path.
///
/// @param verb `list`, `get`, `create`, `update`, `patch`, `delete` or `deletecollection`
/// @param apiVersion of the object taken and given
/// @param kind of the object taken and given
/// @param target what is worked on, for the description and the operation's id
record Operation(String verb, String apiVersion, String kind, String target) {

    private static final String STATUS = "Status";

    private static final List<String> PATCH_FORMATS = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml");

    /// The HTTP method, in lower case.
    String method() {
        return switch (verb) {
            case "create" -> "post";
            case "update" -> "put";
            case "patch" -> "patch";
            case "delete", "deletecollection" -> "delete";
            default -> "get";
        };
    }

    private boolean writes() {
        return verb.equals("create") || verb.equals("update") || verb.equals("patch");
    }

    ObjectNode toJson(Dialect dialect, Schemas schemas) {
        ObjectNode out = Json.object();
        out.put("description", verb + " " + target);
        out.put("operationId", verb + " " + apiVersion + " " + target);
        ArrayNode parameters = out.putArray("parameters");
        Parameters.of(verb).forEach(parameter -> parameters.add(parameter.toJson(dialect)));
        if (writes() || verb.startsWith("delete")) {
            body(dialect, schemas, out, parameters);
        }
        response(dialect, schemas, out);
        out.put("x-kubernetes-action", verb);
        out.set("x-kubernetes-group-version-kind", Schemas.kind(apiVersion, kind));
        return out;
    }

    private void body(Dialect dialect, Schemas schemas, ObjectNode out, ArrayNode parameters) {
        ObjectNode schema = switch (verb) {
            case "patch" -> Json.object().put("type", "object");
            case "create", "update" -> schema(schemas, kind);
            default -> schema(schemas, "DeleteOptions");
        };
        if (dialect == Dialect.V2) {
            ObjectNode body = parameters.addObject().put("name", "body").put("in", "body");
            body.put("required", writes()).set("schema", schema);
            if (verb.equals("patch")) {
                ArrayNode consumes = out.putArray("consumes");
                PATCH_FORMATS.forEach(consumes::add);
            }
            return;
        }
        ObjectNode content = out.putObject("requestBody").putObject("content");
        List<String> formats = verb.equals("patch") ? PATCH_FORMATS : List.of("application/json");
        formats.forEach(format -> content.putObject(format).set("schema", schema.deepCopy()));
    }

    private void response(Dialect dialect, Schemas schemas, ObjectNode out) {
        String given = switch (verb) {
            case "list" -> kind + "List";
            case "delete", "deletecollection" -> STATUS;
            default -> kind;
        };
        ObjectNode response = out.putObject("responses").putObject("200").put("description", "OK");
        ObjectNode holder =
                dialect == Dialect.V2 ? response : response.putObject("content").putObject("application/json");
        holder.set("schema", schema(schemas, given));
    }

    /// Kinds that are no objects, such as the options of `exec`, are described as text.
    private ObjectNode schema(Schemas schemas, String name) {
        ObjectNode text = Json.object().put("type", "string");
        return Types.find(apiVersion, name)
                .map((ObjectType type) -> schemas.reference(type))
                .orElse(text);
    }
}
