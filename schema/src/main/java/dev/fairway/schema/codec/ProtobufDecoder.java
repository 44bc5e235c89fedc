package dev.fairway.schema.codec;

import dev.fairway.schema.Field;
import dev.fairway.schema.ObjectType;
import dev.fairway.schema.Shape;
import dev.fairway.schema.Times;
import dev.fairway.schema.Types;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the protobuf message of a type into a tree. Unknown field numbers are left out, as protobuf has it.
final class ProtobufDecoder {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ProtobufDecoder() {}

    /// Reads into `out`; the types do not nest in themselves, so the depth is the table's.
    static void message(WireReader in, ObjectType type, ObjectNode out) {
        while (in.next()) {
            Optional<Field> field = type.field(in.number());
            if (field.isEmpty()) {
                in.skip();
            } else if (field.get().inline() && field.get().shape() instanceof Shape.Message inlined) {
                message(in.nested(), Types.named(inlined.type()), out);
            } else {
                field(in, field.get(), out);
            }
        }
    }

    private static void field(WireReader in, Field field, ObjectNode out) {
        String name = field.name();
        switch (field.shape()) {
            case Shape.Message message -> {
                ObjectNode value = out.get(name) instanceof ObjectNode before ? before : NODES.objectNode();
                message(in.nested(), Types.named(message.type()), value);
                if (!value.isEmpty() || !field.plain()) {
                    out.set(name, value);
                }
            }
            case Shape.ListOf list -> {
                ArrayNode values = out.get(name) instanceof ArrayNode before ? before : out.putArray(name);
                element(in, list.element(), values);
            }
            case Shape.MapOf map -> {
                ObjectNode values = out.get(name) instanceof ObjectNode before ? before : out.putObject(name);
                entry(in.nested(), map.value(), values);
            }
            case Shape.Scalar _, Shape.Special _ -> {
                JsonNode value = value(in, field.shape());
                if (!value.isNull()) {
                    out.set(name, value);
                }
            }
        }
    }

    private static void element(WireReader in, Shape shape, ArrayNode out) {
        boolean integers = shape == Shape.Scalar.INT32 || shape == Shape.Scalar.INT64;
        if (!integers || !in.isPacked()) {
            out.add(value(in, shape));
            return;
        }
        WireReader packed = in.nested();
        while (!packed.atEnd()) {
            out.add(integer(packed.varint()));
        }
    }

    private static void entry(WireReader in, Shape shape, ObjectNode out) {
        String key = "";
        JsonNode value = Zero.of(shape);
        while (in.next()) {
            switch (in.number()) {
                case 1 -> key = in.textField();
                case 2 -> value = value(in, shape);
                default -> in.skip();
            }
        }
        out.set(key, value);
    }

    /// Null for a special value that stands for absence.
    private static JsonNode value(WireReader in, Shape shape) {
        return switch (shape) {
            case Shape.Message message -> {
                ObjectNode value = NODES.objectNode();
                message(in.nested(), Types.named(message.type()), value);
                yield value;
            }
            case Shape.ListOf _, Shape.MapOf _ -> throw new DecodeException("protobuf: a list within a list or map");
            case Shape.Scalar scalar ->
                switch (scalar) {
                    case STRING -> NODES.stringNode(in.textField());
                    case BOOL -> NODES.booleanNode(in.varintField() != 0);
                    case INT32 -> NODES.numberNode((int) in.varintField());
                    case INT64 -> integer(in.varintField());
                    case DOUBLE -> NODES.numberNode(in.doubleField());
                    case BYTES -> NODES.stringNode(Base64.getEncoder().encodeToString(in.bytesField()));
                };
            case Shape.Special special -> special(in.nested(), special);
        };
    }

    /// The same node class as the JSON parser makes, so that trees compare by `equals`.
    private static JsonNode integer(long value) {
        return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }

    private static JsonNode special(WireReader in, Shape.Special special) {
        return switch (special) {
            case TIME, MICRO_TIME -> time(in, special == Shape.Special.MICRO_TIME);
            case QUANTITY -> quantity(in);
            case INT_OR_STRING -> intOrString(in);
            case RAW, FIELDS -> raw(in);
            case TEXTS -> texts(in);
        };
    }

    private static JsonNode time(WireReader in, boolean micros) {
        if (in.atEnd()) {
            return NODES.nullNode();
        }
        long seconds = 0;
        long nanos = 0;
        while (in.next()) {
            switch (in.number()) {
                case 1 -> seconds = in.varintField();
                case 2 -> nanos = in.varintField();
                default -> in.skip();
            }
        }
        try {
            Instant time = Instant.ofEpochSecond(seconds, micros ? nanos : 0);
            return NODES.stringNode(micros ? Times.toMicroText(time) : Times.toText(time));
        } catch (DateTimeException | ArithmeticException e) {
            throw new DecodeException("protobuf: " + seconds + " seconds are no time", e);
        }
    }

    private static JsonNode quantity(WireReader in) {
        String text = "";
        while (in.next()) {
            if (in.number() == 1) {
                text = in.textField();
            } else {
                in.skip();
            }
        }
        return text.isEmpty() ? NODES.nullNode() : NODES.stringNode(text);
    }

    private static JsonNode intOrString(WireReader in) {
        boolean isText = false;
        int number = 0;
        String text = "";
        while (in.next()) {
            switch (in.number()) {
                case 1 -> isText = in.varintField() == 1;
                case 2 -> number = (int) in.varintField();
                case 3 -> text = in.textField();
                default -> in.skip();
            }
        }
        return isText ? NODES.stringNode(text) : NODES.numberNode(number);
    }

    private static JsonNode raw(WireReader in) {
        byte[] bytes = {};
        while (in.next()) {
            if (in.number() == 1) {
                bytes = in.bytesField();
            } else {
                in.skip();
            }
        }
        if (bytes.length == 0) {
            return NODES.nullNode();
        }
        return Protobuf.isEnveloped(bytes)
                ? Protobuf.decodeInner(bytes)
                : TreeReader.json(bytes).tree();
    }

    private static JsonNode texts(WireReader in) {
        ArrayNode out = NODES.arrayNode();
        while (in.next()) {
            if (in.number() == 1) {
                out.add(in.textField());
            } else {
                in.skip();
            }
        }
        return out;
    }
}
