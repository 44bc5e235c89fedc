package dev.fairway.schema;

import dev.fairway.schema.Shape.ListOf;
import dev.fairway.schema.Shape.MapOf;
import dev.fairway.schema.Shape.Message;
import dev.fairway.schema.Shape.Scalar;
import dev.fairway.schema.Shape.Special;
import java.util.Map;

/// Reads the type notation of `types.txt`.
final class Shapes {

    private static final Map<String, Shape> BY_NAME = Map.ofEntries(
            Map.entry("string", Scalar.STRING),
            Map.entry("bool", Scalar.BOOL),
            Map.entry("int32", Scalar.INT32),
            Map.entry("int64", Scalar.INT64),
            Map.entry("double", Scalar.DOUBLE),
            Map.entry("bytes", Scalar.BYTES),
            Map.entry("io.k8s.apimachinery.pkg.apis.meta.v1.Time", Special.TIME),
            Map.entry("io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime", Special.MICRO_TIME),
            Map.entry("io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1", Special.FIELDS),
            Map.entry("io.k8s.apimachinery.pkg.apis.meta.v1.Verbs", Special.TEXTS),
            Map.entry("io.k8s.apimachinery.pkg.api.resource.Quantity", Special.QUANTITY),
            Map.entry("io.k8s.apimachinery.pkg.util.intstr.IntOrString", Special.INT_OR_STRING),
            Map.entry("io.k8s.apimachinery.pkg.runtime.RawExtension", Special.RAW),
            Map.entry("io.k8s.api.authentication.v1.ExtraValue", Special.TEXTS),
            Map.entry("io.k8s.api.authorization.v1.ExtraValue", Special.TEXTS));

    private Shapes() {}

    /// @param text `string`, `[]T`, `{}T`, or a message's name, in full or relative to `group`
    static Shape parse(String text, String group) {
        if (text.startsWith("[]")) {
            return new ListOf(parse(text.substring(2), group));
        }
        if (text.startsWith("{}")) {
            return new MapOf(parse(text.substring(2), group));
        }
        Shape scalar = BY_NAME.get(text);
        if (scalar != null) {
            return scalar;
        }
        String name = text.contains(".") ? text : group + "." + text;
        Shape special = BY_NAME.get(name);
        return special != null ? special : new Message(name);
    }
}
