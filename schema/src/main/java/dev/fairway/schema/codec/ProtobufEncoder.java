package dev.fairway.schema.codec;

import dev.fairway.schema.Field;
import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Shape;
import dev.fairway.schema.Types;
import dev.fairway.schema.wire.WireWriter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Writes a tree as the protobuf message of its type, fields from the last to the first.
final class ProtobufEncoder {

    private final WireWriter out;

    ProtobufEncoder(WireWriter out) {
        this.out = out;
    }

    void message(JsonNode node, ObjectType type) {
        for (Field field : type.wireFields().reversed()) {
            if (field.inline() && field.shape() instanceof Shape.Message inlined) {
                int end = out.size();
                message(node, Types.named(inlined.type()));
                if (out.size() > end) {
                    out.closeField(field.number(), end);
                }
                continue;
            }
            JsonNode value = node.get(field.name());
            if (value != null && !value.isNull()) {
                field(field.number(), field.shape(), value);
            }
        }
    }

    private void field(int number, Shape shape, JsonNode value) {
        switch (shape) {
            case Shape.Message message -> {
                int end = out.size();
                message(value, Types.named(message.type()));
                out.closeField(number, end);
            }
            case Shape.ListOf list -> {
                for (int at = value.size() - 1; at >= 0; at--) {
                    field(number, list.element(), value.path(at));
                }
            }
            case Shape.MapOf map -> map(number, map.value(), value);
            case Shape.Scalar scalar -> scalar(number, scalar, value);
            case Shape.Special special -> {
                int end = out.size();
                special(special, value);
                out.closeField(number, end);
            }
        }
    }

    private void map(int number, Shape shape, JsonNode value) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(value.properties());
        for (Map.Entry<String, JsonNode> entry : entries.reversed()) {
            int end = out.size();
            field(2, shape, entry.getValue());
            out.textField(1, entry.getKey());
            out.closeField(number, end);
        }
    }

    private void scalar(int number, Shape.Scalar scalar, JsonNode value) {
        switch (scalar) {
            case STRING -> out.textField(number, value.stringValue());
            case BOOL -> out.varintField(number, value.booleanValue() ? 1 : 0);
            case INT32, INT64 -> out.varintField(number, value.longValue());
            case DOUBLE -> out.doubleField(number, value.doubleValue());
            case BYTES -> out.bytesField(number, Base64.getDecoder().decode(value.stringValue()));
        }
    }

    private void special(Shape.Special special, JsonNode value) {
        switch (special) {
            case TIME -> time(OffsetDateTime.parse(value.stringValue()).toInstant(), 0);
            case MICRO_TIME -> {
                OffsetDateTime time = OffsetDateTime.parse(value.stringValue());
                time(time.toInstant(), time.getNano() / 1000 * 1000);
            }
            case QUANTITY -> out.textField(1, value.isString() ? value.stringValue() : value.asString());
            case INT_OR_STRING -> intOrString(value);
            case RAW, FIELDS -> out.bytesField(1, Json.toBytes(value));
            case TEXTS -> field(1, new Shape.ListOf(Shape.Scalar.STRING), value);
        }
    }

    private void time(Instant time, int nanos) {
        out.varintField(2, nanos);
        out.varintField(1, time.getEpochSecond());
    }

    private void intOrString(JsonNode value) {
        boolean text = value.isString();
        out.textField(3, text ? value.stringValue() : "");
        out.varintField(2, text ? 0 : value.longValue());
        out.varintField(1, text ? 1 : 0);
    }
}
