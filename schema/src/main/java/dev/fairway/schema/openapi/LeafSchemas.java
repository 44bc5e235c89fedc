package dev.fairway.schema.openapi;

import dev.fairway.schema.Json;
import dev.fairway.schema.Shape;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The schemas of values that have no fields.
final class LeafSchemas {

    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private LeafSchemas() {}

    static ObjectNode of(Shape.Scalar scalar) {
        return switch (scalar) {
            case STRING -> type("string");
            case BOOL -> type("boolean");
            case INT32 -> type("integer").put("format", "int32");
            case INT64 -> type("integer").put("format", "int64");
            case DOUBLE -> type("number").put("format", "double");
            case BYTES -> type("string").put("format", "byte");
        };
    }

    /// The name under which clients know the type.
    static String name(Shape.Special special) {
        return switch (special) {
            case TIME -> META + "Time";
            case MICRO_TIME -> META + "MicroTime";
            case FIELDS -> META + "FieldsV1";
            case QUANTITY -> "io.k8s.apimachinery.pkg.api.resource.Quantity";
            case INT_OR_STRING -> "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
            case RAW -> "io.k8s.apimachinery.pkg.runtime.RawExtension";
            case TEXTS -> META + "Verbs";
        };
    }

    static ObjectNode of(Shape.Special special, Dialect dialect) {
        return switch (special) {
            case TIME ->
                type("string")
                        .put("format", "date-time")
                        .put("description", "A point in time in RFC 3339 form, such as 2006-01-02T15:04:05Z.");
            case MICRO_TIME ->
                type("string")
                        .put("format", "date-time")
                        .put("description", "A point in time in RFC 3339 form with microseconds.");
            case FIELDS ->
                type("object").put("description", "A set of fields, as server-side apply records who owns which.");
            case QUANTITY ->
                either(dialect, "number")
                        .put("description", "An amount with an optional suffix, such as 100m, 1.5 or 2Gi.");
            case INT_OR_STRING ->
                either(dialect, "integer")
                        .put("format", "int-or-string")
                        .put("description", "A number or a name, such as a port's.");
            case RAW -> type("object").put("description", "An object of any kind.");
            case TEXTS -> type("array");
        };
    }

    /// Text or a number; the older dialect can only say text.
    private static ObjectNode either(Dialect dialect, String number) {
        if (dialect == Dialect.V2) {
            return type("string");
        }
        ObjectNode out = Json.object();
        ArrayNode forms = out.putArray("oneOf");
        forms.add(type("string")).add(type(number));
        return out;
    }

    private static ObjectNode type(String type) {
        return Json.object().put("type", type);
    }
}
